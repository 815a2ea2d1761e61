"""Does it fit? Each artifact, with its layers, against Lambda's quotas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.aws import facts
from pyreq_tui.errors import Finding, OptionChange, Where
from pyreq_tui.sizes import format_size, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Plan, PlannedArtifact


def limit_findings(plan: Plan) -> Iterator[Finding]:
    """Artifacts over a quota, with the package that weighs most; functions with too many layers."""
    for artifact in plan.artifacts:
        yield from _sizes(plan, artifact)
    yield from _layers(plan)


def _sizes(plan: Plan, artifact: PlannedArtifact) -> Iterator[Finding]:
    limits = facts().limits
    if not artifact.bundle.entries:
        yield Finding(
            "error",
            "empty-artifact",
            f"Nothing would be in {artifact.filename}: Lambda refuses a zip without files.",
            where=Where(plan.service.config_file),
            hint="Leave layer off where there are no requirements, and look at package.patterns.",
        )
    total = artifact.unzipped_bytes + artifact.layer_bytes
    culprit = artifact.packages[0] if artifact.packages else None
    share = f": {culprit.name} is {percent(culprit.unzipped_bytes / max(total, 1))} of it" if culprit else ""
    if artifact.is_over_limit:
        layers = f" with its layers ({format_size(artifact.layer_bytes)})" if artifact.layer_bytes else ""
        offered = sorted(
            {package.name for package in artifact.packages}
            & facts().runtime_packages - set(plan.service.options.no_deploy)
        )
        yield Finding(
            "error",
            "over-unzipped-limit",
            f"{artifact.filename} is {format_size(total)} unzipped{layers}, "
            f"{format_size(total - limits.unzipped_bytes)} over Lambda's {format_size(limits.unzipped_bytes)}"
            f"{share}.",
            where=Where(plan.service.config_file),
            hint=_remedy(plan, offered),
            package=culprit.name if culprit else None,
            fix=() if plan.service.options.slim else (OptionChange("slim", True),),
        )
    if artifact.zipped_bytes > limits.direct_upload_zipped_bytes:
        yield Finding(
            "warning",
            "over-direct-upload",
            f"{artifact.filename} is {format_size(artifact.zipped_bytes)} zipped, over "
            f"the {format_size(limits.direct_upload_zipped_bytes)} of a direct upload: "
            "it deploys through S3 only.",
            where=Where(plan.service.config_file),
            hint="`sls deploy` uploads through S3 anyway; `sls deploy function` and the console do not.",
            package=culprit.name if culprit else None,
        )


def _remedy(plan: Plan, offered: list[str]) -> str:
    options = plan.service.options
    ways = []
    if not options.slim:
        ways.append("set slim: true")
    if offered:
        ways.append(f"omit what the runtime has (noDeploy: {', '.join(offered)})")
    if not options.zip:
        ways.append("set zip: true, which unpacks at start and costs init time")
    return (
        f"Try in this order: {'; '.join(ways)}." if ways else "Split the function, or ship a container image."
    )


def _layers(plan: Plan) -> Iterator[Finding]:
    """AWS refuses a function with more layers than its quota."""
    most = facts().limits.layers_per_function
    for function in plan.service.functions:
        if function.packaged and len(function.layers) > most:
            yield Finding(
                "error",
                "too-many-layers",
                f"{function.name} names {len(function.layers)} layers; a function may have {most}.",
                where=function.where,
                hint="Merge layers, or ship in the artifact what they bring.",
            )
