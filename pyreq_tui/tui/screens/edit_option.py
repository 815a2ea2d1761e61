"""Asks for an option's value, whatever its kind: one of several, text, number, list, or a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from pyreq_tui.service import LAYER_FIELDS
from pyreq_tui.tui.screens.value_dialog import ValueDialog
from pyreq_tui.tui.text import MUTED, count, printable
from pyreq_tui.tui.widgets.tick import Tick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.widget import Widget

    from pyreq_tui.service import Options, OptionSpec
    from pyreq_tui.tui.screens.value_dialog import Answer

LAYER_HINTS = {
    "name": "the layer's name in AWS",
    "description": "one line",
    "compatibleRuntimes": "python3.12, python3.13",
    "compatibleArchitectures": "x86_64, arm64",
    "licenseInfo": "MIT",
    "allowedAccounts": "123456789012, or *",
}
"""What may stand in each field; lists with commas."""


class EditOption(ValueDialog):
    """Closes with a value that the option takes; what it does not take is said, and can be mended."""

    AUTO_FOCUS = "Input, TextArea, OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "answer", "Set", id="edit.set"),
    ]
    DEFAULT_CSS = """
    EditOption {
        & > .frame { max-width: 72; }
        TextArea { height: 10; background: $panel; &, &:focus { border: none; padding: 0; } }
        .help { color: $text-muted; margin-bottom: 1; }
        #values { height: auto; &, &:focus { border: none; padding: 0; background: transparent; } }
        #layer { height: auto; max-height: 1fr; }
        .field { height: 1; margin-bottom: 1; }
        .field Label { width: 25; color: $text-muted; }
        Tick { width: 1fr; padding: 0 1; }
        Tick:focus { background: $block-cursor-background; }
        &.-short .field { margin-bottom: 0; }
        &.-short TextArea { height: 6; }
    }
    """

    def __init__(self, spec: OptionSpec, options: Options) -> None:
        super().__init__(spec, options)
        self._value = options.value(spec.key)

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame") as frame:
            frame.border_title = Content.styled(printable(self._spec.key), "bold")
            many = " One item a line." if self._spec.kind == "list" else ""
            yield Static(Content(f"{self._spec.help}{many}"), classes="help")
            yield from self._fields()
            yield Static("", id="wrong", markup=False)
            with Horizontal(classes="buttons"):
                key = "enter" if self._is_line else "ctrl+s"
                yield Button(f"Set  {key}", id="set", compact=True, variant="primary")
                yield Button("Back  esc", id="close", compact=True)

    @property
    def _is_line(self) -> bool:
        return self._spec.kind not in {"list", "layer"}

    def _fields(self) -> Iterator[Widget]:
        value = self._value
        if self._spec.kind == "list":
            items = [str(item) for item in value] if isinstance(value, list) else []
            yield TextArea("\n".join(items), id="items", tab_behavior="focus", show_line_numbers=True)
        elif self._spec.kind == "layer":
            yield VerticalScroll(*self._layer_fields(value if isinstance(value, dict) else {}), id="layer")
        elif self._values:
            yield OptionList(*map(self._value_row, self._values), id="values", markup=False, compact=True)
        else:
            text = "" if value is None else str(value)
            yield Input(text, id="text", placeholder="empty: as if it were not set", compact=True)

    @property
    def _values(self) -> tuple[bool | str, ...]:
        """What it may be, where that is one of a few."""
        known = (True, False) if self._spec.kind == "bool" else self._spec.choices
        return tuple(value for value in known if isinstance(value, (bool, str)))

    def _value_row(self, value: bool | str) -> Option:
        mark = ("● ", "$success") if value == self._value else ("○ ", MUTED)
        is_default = value == self._spec.default
        default = ("  the default" if is_default else "", MUTED)
        return Option(Content.assemble(mark, _as_yaml(value), default))

    def on_mount(self) -> None:
        """Begin at the value that is set."""
        super().on_mount()
        for values in self.query("#values").results(OptionList):
            values.highlighted = self._values.index(self._value) if self._value in self._values else 0

    def _layer_fields(self, layer: dict[str, object]) -> Iterator[Widget]:
        for key, part in LAYER_FIELDS.items():
            known = layer.get(key, part.default)
            if isinstance(part.default, bool):
                field: Widget = Tick(value=bool(known), id=key)
            else:
                items = known if isinstance(known, (list, tuple)) else [known] if known else []
                text = ", ".join(str(item) for item in items)
                field = Input(text, id=key, placeholder=LAYER_HINTS.get(key, ""), compact=True)
            yield Horizontal(Label(key), field, classes="field")

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    @on(Button.Pressed, "#set")
    def action_answer(self) -> None:
        """Close with what was typed, where the option takes it."""
        self.close_with(self._answer())

    def _answer(self) -> Answer:
        if self._spec.kind == "list":
            lines = self.query_one("#items", TextArea).text.splitlines()
            return [line.strip() for line in lines if line.strip()]
        if self._spec.kind == "layer":
            return self._layer() or True
        if self._values:
            return self._values[self.query_one("#values", OptionList).highlighted or 0]
        text = self.query_one("#text", Input).value.strip()
        return int(text) if self._spec.kind == "number" and text.isdecimal() else text

    def _layer(self) -> dict[str, object]:
        """What describes the layer; what was left empty is not in it."""
        layer: dict[str, object] = {}
        for key, part in LAYER_FIELDS.items():
            if isinstance(part.default, bool):
                layer[key] = self.query_one(f"#{key}", Tick).value
                continue
            text = self.query_one(f"#{key}", Input).value.strip()
            is_list = isinstance(part.default, tuple)
            layer[key] = [item.strip() for item in text.split(",") if item.strip()] if is_list else text
        return {key: value for key, value in layer.items() if value}

    @on(TextArea.Changed)
    def _count(self) -> None:
        items = self._answer()
        if isinstance(items, list):
            self.query_one(".frame").border_subtitle = count(len(items), "item")

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.action_close()


def _as_yaml(value: bool | str) -> str:
    return str(value).lower() if isinstance(value, bool) else printable(value)
