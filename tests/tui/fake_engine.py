"""An engine for the screens' tests: synthetic Plans, made at once, from Bundles as large as real ones."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pyreq_tui.build import (
    Artifact,
    ArtifactAdvanced,
    ArtifactWritten,
    CacheListing,
    CacheUse,
    Effect,
    Fit,
    LastBuild,
    LeftOut,
    LineLogged,
    Materials,
    Plan,
    PlannedArtifact,
    Reason,
    Removed,
    Result,
    StepAdvanced,
    StepFinished,
    StepStarted,
    Weight,
    compare_sizes,
    fit,
    sizes_of,
)
from pyreq_tui.bundle import SERVICE_CODE, Bundle, Entry, LiteralBytes, compose, nest, package_sizes, slim
from pyreq_tui.errors import Cancelled, Finding, OptionChange, PyreqError, Where
from pyreq_tui.findings import Fixes, Prospect
from pyreq_tui.locks import target_for
from pyreq_tui.service import Function, Options, Service
from pyreq_tui.sources import Source
from pyreq_tui.tui.engine import Kept, Tried
from pyreq_tui.wheels import Graph

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyreq_tui.build import ArtifactChange, Baseline, Report
    from pyreq_tui.opening import Opening
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Edit

MEGABYTE = 2**20
NOON = 1_763_812_800.0
"""2025-11-22 12:00 UTC: the same day nearly everywhere."""
ROOT = Path("/srv/shop-service")

REPORT = {
    ("scipy", "1.16.3"): (106.7, 33.5),
    ("numpy", "2.3.4"): (50.3, 14.9),
    ("pandas", "2.3.3"): (41.4, 11.2),
    ("scikit-learn", "1.7.2"): (29.6, 8.6),
    ("botocore", "1.40.76"): (20.1, 15.4),
    ("pytz", "2025.2"): (1.6, 0.5),
    ("boto3", "1.40.76"): (0.9, 0.2),
    ("joblib", "1.5.2"): (1.4, 0.4),
    ("s3transfer", "0.14.0"): (0.4, 0.1),
    ("urllib3", "2.5.0"): (0.5, 0.1),
    ("certifi", "2025.10.5"): (0.3, 0.2),
    ("six", "1.17.0"): (0.1, 0.1),
}
NEEDS = {
    "boto3": ("botocore", "s3transfer"),
    "botocore": ("urllib3",),
    "pandas": ("numpy", "pytz", "six"),
    "s3transfer": ("botocore",),
    "scikit-learn": ("joblib", "numpy", "scipy"),
    "scipy": ("numpy",),
}
GRAPH = Graph(("boto3", "certifi", "pandas", "scikit-learn", "scipy"), NEEDS)
API = {("pydantic", "2.12.4"): (4.1, 1.2), ("typing-extensions", "4.15.0"): (0.2, 0.1)}
RESIZE = {("pillow", "12.0.0"): (20.4, 6.9)}


def bundle_of(packages: Mapping[tuple[str, str], tuple[float, float]], options: Options) -> Bundle:
    """Files for each package: a library, its Python files, its tests, its dist-info."""
    code = [_entry("handler.py", 2_400, 900, SERVICE_CODE)]
    entries: list[Entry] = []
    omitted = GRAPH.without(options.no_deploy)
    for (name, version), (unzipped, zipped) in packages.items():
        if name in omitted:
            continue
        folder = name.replace("-", "_")
        size, compressed = int(unzipped * MEGABYTE), int(zipped * MEGABYTE)
        entries += [
            _entry(f"{folder}/_core/lib{folder}.so", size * 6 // 10, compressed * 7 // 10, name),
            _entry(f"{folder}/__init__.py", size // 10, compressed // 10, name),
            _entry(f"{folder}/io/[brackets]\x1b[31m.py", size // 20, compressed // 20, name),
        ]
        entries += [
            _entry(f"{folder}/tests/test_{number}.py", size // 40, compressed // 80, name)
            for number in range(6)
        ]
        entries.append(_entry(f"{folder}-{version}.dist-info/RECORD", size // 10, compressed // 10, name))
    requirements = Bundle(tuple(sorted(entries)))
    if options.slim:
        requirements = slim(requirements, options.slim_patterns, options.slim_patterns_append_defaults)
    return compose(code, nest(requirements) if options.zip else requirements.entries)


def _entry(path: str, size: int, compressed: int, owner: str) -> Entry:
    return Entry(path, size, compressed, owner, LiteralBytes(b""))


def function(name: str, module: str = ".", *, packaged: bool = True, reason: str | None = None) -> Function:
    """A function of the synthetic service."""
    return Function(
        name=name,
        handler="handler.run",
        runtime="python3.12",
        architecture="arm64",
        module=module,
        individually=True,
        patterns=(),
        vendor=None,
        layers=(),
        packaged=packaged,
        reason=reason,
        where=Where(ROOT / "serverless.yml", 20),
    )


FUNCTIONS = (
    function("report", "report"),
    function("api"),
    function("resize", "resize"),
    function("thumbnail", packaged=False, reason="a container image"),
)


def service_of(options: Options, functions: tuple[Function, ...] = FUNCTIONS) -> Service:
    """The synthetic service."""
    return Service(
        name="shop-service",
        root=ROOT,
        config_file=ROOT / "serverless.yml",
        provider="aws",
        runtime="python3.12",
        architecture="arm64",
        stage="dev",
        enabled=True,
        reason=None,
        options=options,
        functions=functions,
        patterns=(),
        individually=True,
        layer_paths=(),
        uses_dotenv=False,
        problems=(),
    )


@dataclass(frozen=True)
class FakeEdit:
    """An edit of a file that is not there."""

    engine: FakeEngine
    changes: tuple[OptionChange, ...]
    path: Path = ROOT / "serverless.yml"
    changed: bool = True

    def diff(self) -> str:
        """A unified diff."""
        added = "".join(f"+    {change.key}: {str(change.value).lower()}\n" for change in self.changes)
        return (
            "--- serverless.yml\n+++ serverless.yml\n@@ -12,3 +12,4 @@\n custom:\n   pythonRequirements:\n"
            f"     dockerizePip: non-linux   # [arm] Macs\n{added}"
        )

    def write(self) -> None:
        """Note that it was saved."""
        if self.engine.write_failure is not None:
            raise self.engine.write_failure
        self.engine.saved = self.engine.saved.override({change.key: change.value for change in self.changes})
        self.engine.writes += 1


@dataclass
class FakeEngine:
    """Answers at once; what it should answer is set by the test."""

    saved: Options = field(default_factory=Options)
    packages: Mapping[str, Mapping[tuple[str, str], tuple[float, float]]] = field(
        default_factory=lambda: {"report": REPORT, "api": API, "resize": RESIZE}
    )
    functions: tuple[Function, ...] = FUNCTIONS
    outdated: bool = False
    ran_offline: bool | None = None
    """How the last build was asked for."""
    """Whether files go on changing after the estimate."""
    load_failure: BaseException | None = None
    gather_failure: BaseException | None = None
    run_failure: BaseException | None = None
    fit_failure: BaseException | None = None
    write_failure: PyreqError | None = None
    compare_failure: BaseException | None = None
    before: Options = field(default_factory=Options)
    """What is compared with."""
    reported: tuple[Finding, ...] = ()
    found_on_disk: tuple[Finding, ...] | PyreqError = ()
    fixes: Fixes | PyreqError = field(default_factory=lambda: Fixes((), (), ()))
    """What ``fix`` answers."""
    outlook: tuple[Prospect, ...] = (
        Prospect(("report", "api"), "in a process here, on Python 3.12", None),
        Prospect(("resize",), "in a process here, on Python 3.9", "there is no Python 3.9 here"),
    )
    """What ``prospects`` answers."""
    tried: Tried | PyreqError = field(default_factory=lambda: Tried((), (), ()))
    """What ``try_imports`` answers."""
    asked_to_fix: list[tuple[Finding, ...]] = field(default_factory=list)
    listings: tuple[CacheListing, ...] = (
        CacheListing("wheels", 214, 640 * MEGABYTE, NOON),
        CacheListing("contents", 214, 3 * MEGABYTE, NOON - 86_400),
        CacheListing("uv", 12_345, 1_300 * MEGABYTE, NOON - 172_800),
        CacheListing("stripped", 0, 0, None),
    )
    pruned_days: list[int] = field(default_factory=list)
    verify_failure: PyreqError | None = None
    gate: threading.Event | None = None
    """``run`` waits for it, or for a cancel."""
    running: threading.Event = field(default_factory=threading.Event)
    """Set while ``run`` waits."""
    written: Mapping[str, float] = field(default_factory=dict)
    """How far each artifact is when ``run`` waits."""
    log: tuple[str, ...] = ("fetched scipy", "[red]not markup[/red] \x1b[31mescape")
    gathered: int = 0
    writes: int = 0

    def load(self, opening: Opening) -> Service:
        if self.load_failure is not None:
            raise self.load_failure
        return service_of(self.saved, self.functions)

    def gather(self, service: Service, opening: Opening, *, report: Report, cancel: Cancel) -> Materials:
        self.gathered += 1
        if self.gather_failure is not None:
            raise self.gather_failure
        return cast("Materials", object())

    def sources(self, materials: Materials) -> tuple[Source, ...]:
        return (
            Source(
                "uv", "report", ROOT / "report", ROOT / "report/pyproject.toml", ROOT / "report/uv.lock", True
            ),
            Source("poetry", "resize", ROOT / "resize", None, ROOT / "resize/poetry.lock", False),
            Source("requirements", ".", ROOT, ROOT / "requirements.txt", None, None),
        )

    def answers(self, materials: Materials, service: Service) -> bool:
        return service.options.installer == "pip"

    def is_outdated(self, materials: Materials) -> bool:
        return self.outdated

    def plan(self, service: Service, materials: Materials) -> Plan:
        artifacts = tuple(self._artifact(name, packages, service) for name, packages in self.packages.items())
        return Plan(service, artifacts, {"report": GRAPH}, (), (), bytes_fetched=838_861, seconds=0.7)

    def reasons(self, plan: Plan, materials: Materials, package: str) -> tuple[Reason, ...]:
        artifact = plan.artifacts[0]
        sizes = {
            size.name: Weight(size.name, size.unzipped_bytes, size.zipped_bytes) for size in artifact.packages
        }
        return (
            Reason(
                module="report",
                target=target_for("python3.12", "arm64"),
                name=package,
                version="1.0",
                paths=GRAPH.paths_to(package),
                artifacts=(artifact.filename,),
                own=sizes[package],
                leaves=tuple(sizes[name] for name in GRAPH.orphans([package])),
            ),
        )

    def fit(self, service: Service, materials: Materials) -> Fit:
        if self.fit_failure is not None:
            raise self.fit_failure
        return fit(service, lambda changed: self.plan(changed, materials))

    def _artifact(
        self, name: str, packages: Mapping[tuple[str, str], tuple[float, float]], service: Service
    ) -> PlannedArtifact:
        bundle = bundle_of(packages, service.options) if packages else Bundle(())
        return PlannedArtifact(
            name=name,
            filename=f"{name}.zip",
            kind="function",
            functions=(name,),
            target=None,
            bundle=bundle,
            packages=package_sizes(bundle, dict(packages.keys()), lambda _: ()),
        )

    def effects(
        self, service: Service, materials: Materials, artifact: str | None, cancel: Cancel
    ) -> Mapping[str, Effect]:
        now = self._sizes(service, artifact)
        found = {}
        for key in ("slim", "zip"):
            value = not service.options.value(key)
            then = self._sizes(service.with_overrides({key: value}), artifact)
            found[key] = Effect(key, value, then[0] - now[0], then[1] - now[1])
        return found

    def _sizes(self, service: Service, artifact: str | None) -> tuple[int, int]:
        planned = self.plan(service, cast("Materials", None)).artifacts
        shown = [each for each in planned if artifact in {None, each.filename}]
        return sum(each.unzipped_bytes for each in shown), sum(each.zipped_bytes for each in shown)

    def left_out(self, plan: Plan, materials: Materials, filename: str) -> tuple[LeftOut, ...]:
        options = plan.service.options
        packages = self.packages[filename.removesuffix(".zip")]
        if not packages:
            return ()
        whole = bundle_of(packages, Options())
        omitted = bundle_of(packages, Options().override({"noDeploy": list(options.no_deploy)}))
        found = [LeftOut("noDeploy", "", _missing(whole, omitted))]
        if options.slim:
            found.append(LeftOut("slim", "", _missing(omitted, slim(omitted, ()))))
        for pattern in options.slim_patterns if options.slim else ():
            slimmed = slim(omitted, (pattern,), append_defaults=False)
            found.append(LeftOut("slimPatterns", pattern, _missing(omitted, slimmed)))
        return tuple(each for each in found if each.bundle.entries)

    def compare(
        self, baseline: Baseline, plan: Plan, opening: Opening, *, report: Report, cancel: Cancel
    ) -> tuple[ArtifactChange, ...]:
        if self.compare_failure is not None:
            raise self.compare_failure
        before = self.plan(service_of(self.before, self.functions), cast("Materials", None))
        return compare_sizes(sizes_of(before), sizes_of(plan))

    def findings(self, plan: Plan) -> tuple[Finding, ...]:
        return self.reported

    def run(
        self, plan: Plan, materials: Materials, *, report: Report, cancel: Cancel, offline: bool
    ) -> Result:
        self.ran_offline = offline
        report(StepStarted("fetch", 86 * MEGABYTE, "bytes"))
        for line in self.log:
            report(LineLogged("fetch", line))
        if self.gate is not None:
            report(StepAdvanced("fetch", 61 * MEGABYTE))
            for planned in plan.artifacts:
                if part := self.written.get(planned.filename):
                    done = round(part * planned.zipped_bytes)
                    report(ArtifactAdvanced(planned.filename, done, planned.zipped_bytes))
            self.running.set()
            while not self.gate.wait(0.01):
                if cancel.is_set():
                    raise Cancelled
        if self.run_failure is not None:
            raise self.run_failure
        report(StepFinished("fetch", 1.2, "12 wheels, 86.0 MB"))
        report(StepFinished("write", 0.11, "3 artifacts, 93.2 MB"))
        artifacts = tuple(self._written(planned) for planned in plan.artifacts)
        for artifact in artifacts:
            report(
                ArtifactWritten(
                    artifact.planned.filename, artifact.path, artifact.sha256, artifact.is_unchanged
                )
            )
        return Result(
            artifacts,
            (("fetch", 1.2), ("write", 0.11)),
            CacheUse(is_hit=False, reason="slim changed"),
            plan,
        )

    def findings_on_disk(self, plan: Plan, materials: Materials) -> tuple[Finding, ...]:
        if isinstance(self.found_on_disk, PyreqError):
            raise self.found_on_disk
        return self.found_on_disk

    def write_sboms(self, result: Result, materials: Materials) -> tuple[Path, ...]:
        if self.write_failure is not None:
            raise self.write_failure
        return tuple(artifact.path.with_suffix(".cdx.json") for artifact in result.artifacts)

    def kept(self, service: Service | None) -> Kept:
        return Kept(ROOT / "cache", self.listings, LastBuild(NOON, "slim changed"))

    def prune(self, service: Service | None, days: int, cancel: Cancel) -> tuple[Removed, ...]:
        self.pruned_days.append(days)
        return (Removed("wheels", 3, 40 * MEGABYTE),)

    def verify(self, service: Service | None, cancel: Cancel) -> tuple[Path, ...]:
        self.running.set()
        while self.gate is not None and not self.gate.wait(0.01):
            if cancel.is_set():
                raise Cancelled
        if self.verify_failure is not None:
            raise self.verify_failure
        return ()

    def prospects(self, plan: Plan, opening: Opening, cancel: Cancel) -> tuple[Prospect, ...]:
        return self.outlook

    def try_imports(
        self, plan: Plan, materials: Materials, opening: Opening, *, report: Report, cancel: Cancel
    ) -> Tried:
        report(StepStarted("import", 3))
        report(StepAdvanced("import", 1, 3))
        self.running.set()
        while self.gate is not None and not self.gate.wait(0.01):
            if cancel.is_set():
                raise Cancelled
        if isinstance(self.tried, PyreqError):
            raise self.tried
        return self.tried

    def fix(self, service: Service, findings: Sequence[Finding]) -> Fixes:
        self.asked_to_fix.append(tuple(findings))
        if isinstance(self.fixes, PyreqError):
            raise self.fixes
        return self.fixes

    def _written(self, planned: PlannedArtifact) -> Artifact:
        return Artifact(
            planned=planned,
            path=ROOT / ".serverless" / planned.filename,
            sha256=sha256(planned.name.encode()).hexdigest(),
            unzipped_bytes=planned.unzipped_bytes,
            zipped_bytes=planned.zipped_bytes,
            is_unchanged=planned.name == "resize",
        )

    def edits(
        self, service: Service, changes: Sequence[OptionChange], hands_over: bool | None
    ) -> tuple[Edit, ...]:
        return (cast("Edit", FakeEdit(self, tuple(changes))),) if changes else ()

    def block(self, service: Service, changes: Sequence[OptionChange]) -> str:
        inside = "".join(f"\n  {change.key}: {str(change.value).lower()}" for change in changes)
        return f"custom:\n  pythonRequirements:{inside or ' {}'}\n"


def _missing(before: Bundle, after: Bundle) -> Bundle:
    kept = {entry.path for entry in after.entries}
    return Bundle(tuple(entry for entry in before.entries if entry.path not in kept))


def fitting_engine() -> FakeEngine:
    """A service that fits."""
    return FakeEngine(
        packages={"api": API, "resize": RESIZE}, functions=(replace(FUNCTIONS[1]), FUNCTIONS[2])
    )
