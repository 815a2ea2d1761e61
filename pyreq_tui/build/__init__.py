"""The engine: from a Service to a Plan, and from a Plan to artifacts on disk.

``gather`` touches the network and the disk; ``plan`` is pure and takes milliseconds, so a toggle calls it
alone; ``run`` carries a Plan out.
"""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.build.baseline import Baseline, baseline_sizes, compare_with, read_baseline
    from pyreq_tui.build.caches import (
        CacheKind,
        CacheListing,
        Removed,
        clear_caches,
        list_caches,
        prune_caches,
        verify_caches,
    )
    from pyreq_tui.build.claims import claim
    from pyreq_tui.build.cleaning import clean
    from pyreq_tui.build.comparison import (
        ArtifactChange,
        Change,
        Sizes,
        compare_sizes,
        only_those_of,
        sizes_of,
    )
    from pyreq_tui.build.docker import docker_use
    from pyreq_tui.build.docker.container import CommandFailed, Container
    from pyreq_tui.build.docker.version import engine_version
    from pyreq_tui.build.dockerized import clear_docker
    from pyreq_tui.build.effects import Effect, effects
    from pyreq_tui.build.engine import run
    from pyreq_tui.build.events import (
        ArtifactAdvanced,
        ArtifactWritten,
        Event,
        LineLogged,
        Report,
        StepAdvanced,
        StepFinished,
        StepName,
        StepStarted,
    )
    from pyreq_tui.build.fit import Fit, Outcome, Remedy, changes_for, fit, outcomes
    from pyreq_tui.build.install import Installed, install
    from pyreq_tui.build.left_out import LeftOut, left_out
    from pyreq_tui.build.materials import Materials, cache_folder, gather
    from pyreq_tui.build.model import Artifact, CacheUse, Plan, PlannedArtifact, Result
    from pyreq_tui.build.plan import plan
    from pyreq_tui.build.reasons import Reason, Weight, reasons
    from pyreq_tui.build.records import LastBuild, last_build
    from pyreq_tui.build.requirements import RequirementMaterials, Unit
    from pyreq_tui.build.trial import trial_container

__all__ = [
    "Artifact",
    "ArtifactAdvanced",
    "ArtifactChange",
    "ArtifactWritten",
    "Baseline",
    "CacheKind",
    "CacheListing",
    "CacheUse",
    "Change",
    "CommandFailed",
    "Container",
    "Effect",
    "Event",
    "Fit",
    "Installed",
    "LastBuild",
    "LeftOut",
    "LineLogged",
    "Materials",
    "Outcome",
    "Plan",
    "PlannedArtifact",
    "Reason",
    "Remedy",
    "Removed",
    "Report",
    "RequirementMaterials",
    "Result",
    "Sizes",
    "StepAdvanced",
    "StepFinished",
    "StepName",
    "StepStarted",
    "Unit",
    "Weight",
    "baseline_sizes",
    "cache_folder",
    "changes_for",
    "claim",
    "clean",
    "clear_caches",
    "clear_docker",
    "compare_sizes",
    "compare_with",
    "docker_use",
    "effects",
    "engine_version",
    "fit",
    "gather",
    "install",
    "last_build",
    "left_out",
    "list_caches",
    "only_those_of",
    "outcomes",
    "plan",
    "prune_caches",
    "read_baseline",
    "reasons",
    "run",
    "sizes_of",
    "trial_container",
    "verify_caches",
]

hand_out(__name__)
