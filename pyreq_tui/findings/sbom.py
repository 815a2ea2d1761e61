"""What ships, as CycloneDX, beside each artifact."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from pyreq_tui import __version__
from pyreq_tui.errors import BuildError, PyreqError, Where
from pyreq_tui.findings.inventory import inventory
from pyreq_tui.service import sbom_filename
from pyreq_tui.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component as BomComponent
    from cyclonedx.model.license import License

    from pyreq_tui.build import Artifact, Materials, Result
    from pyreq_tui.findings.inventory import Component


def write_sboms(result: Result, materials: Materials, place: str = "") -> dict[str, Path]:
    """Write one SBOM for each artifact, and return where, by the artifact's filename.

    ``place`` is a folder, a file where there is one artifact, or empty: then each stands beside its artifact.
    Raises PyreqError for a place that can't take them all, BuildError for one that can't be written to.
    """
    if place and not Path(place).is_dir() and len(result.artifacts) > 1:
        raise PyreqError(
            f"One file can't hold all SBOMs: there are {len(result.artifacts)} artifacts.",
            where=Where(Path(place)),
            hint="Name a folder that exists.",
        )
    written = {}
    for artifact in result.artifacts:
        name = sbom_filename(artifact.path.name)
        path = artifact.path.with_name(name) if not place else Path(place).absolute()
        path = path / name if path.is_dir() else path
        try:
            write_whole(path, sbom_text(artifact, inventory(artifact, materials)))
        except OSError as error:
            raise BuildError(
                f"The SBOM can't be written: {error.strerror or error}.",
                where=Where(path),
                hint="Name another place with --sbom.",
            ) from error
        written[artifact.planned.filename] = path
    return written


def sbom_text(artifact: Artifact, components: Sequence[Component]) -> str:
    """CycloneDX 1.6 as JSON: the same bytes for the same artifact.

    The serial number follows from the artifact's hash. Of time it says nothing, unless SOURCE_DATE_EPOCH does
    (https://reproducible-builds.org/specs/source-date-epoch/).
    """
    from cyclonedx.output.json import JsonV1Dot6

    document = json.loads(JsonV1Dot6(_bom(artifact, components)).output_as_string())
    document["metadata"].pop("timestamp", None)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        document["metadata"]["timestamp"] = datetime.fromtimestamp(int(epoch), UTC).isoformat()
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _bom(artifact: Artifact, components: Sequence[Component]) -> Bom:
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component as BomComponent
    from cyclonedx.model.component import ComponentType

    shipped = {each.name: _package(each) for each in components}
    bom = Bom(
        serial_number=uuid5(NAMESPACE_URL, f"pyreq-tui:{artifact.sha256}"),
        components=shipped.values(),
    )
    bom.metadata.component = root = BomComponent(
        type=ComponentType.APPLICATION,
        name=artifact.planned.filename,
        bom_ref=artifact.planned.filename,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=artifact.sha256)],
    )
    bom.metadata.tools.components.add(
        BomComponent(type=ComponentType.APPLICATION, name="pyreq-tui", version=__version__)
    )
    needed = {name for each in components for name in each.needs}
    bom.register_dependency(root, [shipped[each.name] for each in components if each.name not in needed])
    for each in components:
        bom.register_dependency(shipped[each.name], [shipped[name] for name in each.needs])
    return bom


def _package(component: Component) -> BomComponent:
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component as BomComponent
    from cyclonedx.model.component import ComponentType
    from packageurl import PackageURL

    qualifiers: Mapping[str, str] = {"file_name": component.wheel} if component.wheel else {}
    purl = PackageURL("pypi", None, component.name, component.version or None, dict(qualifiers))
    return BomComponent(
        type=ComponentType.LIBRARY,
        name=component.name,
        version=component.version or None,
        bom_ref=str(purl),
        purl=purl,
        description=component.summary or None,
        licenses=_licences(component),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=component.sha256)] if component.sha256 else [],
    )


def _licences(component: Component) -> list[License]:
    """By SPDX where what the package says is SPDX; the schema takes an expression only where it is alone."""
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model.license import LicenseAcknowledgement
    from cyclonedx.spdx import is_supported_id

    factory, declared = LicenseFactory(), LicenseAcknowledgement.DECLARED
    said = tuple(filter(is_supported_id, component.licences)) or component.licences
    if len(said) == 1:
        return [factory.make_from_string(said[0], license_acknowledgement=declared)]
    return [factory.make_with_name(licence, acknowledgement=declared) for licence in said]
