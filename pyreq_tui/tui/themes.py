"""The colours of the screens. Widgets name roles (``$error``), so every other theme works too."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="pyreq-dark",
    dark=True,
    primary="#6cb6c9",
    secondary="#8f9fd6",
    accent="#e3b26b",
    success="#8cc48c",
    warning="#e3b26b",
    error="#f28b93",
    foreground="#d7dae0",
    background="#14171c",
    surface="#191d23",
    panel="#252b34",
    variables={
        "border": "#6cb6c9",
        "border-blurred": "#3a424e",
        "block-cursor-background": "#1f3d49",
        "block-cursor-foreground": "#f4f6f8",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#252b34",
        "screen-selection-background": "#4a6fa5",
        "screen-selection-foreground": "#ffffff",
        "footer-background": "#14171c",
        "footer-key-foreground": "#6cb6c9",
    },
)

LIGHT = Theme(
    name="pyreq-light",
    dark=False,
    primary="#12606f",
    secondary="#4a579c",
    accent="#845300",
    success="#276632",
    warning="#845300",
    error="#ad202c",
    foreground="#23272e",
    background="#faf9f6",
    surface="#f5f3ee",
    panel="#e7e4dc",
    variables={
        "border": "#12606f",
        "border-blurred": "#c4c0b6",
        "block-cursor-background": "#c9e3e8",
        "block-cursor-foreground": "#14181d",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e7e4dc",
        "screen-selection-background": "#9cc3ec",
        "screen-selection-foreground": "#14181d",
        "footer-background": "#faf9f6",
        "footer-key-foreground": "#12606f",
    },
)
