"""What artifacts are called, and where they lie: by that pyreq-tui knows its own in ``package.artifact``."""

from __future__ import annotations

from pathlib import PurePosixPath

BUILD_FOLDER = ".serverless"
"""Where artifacts are written, as the Framework's Python support does."""
HANDOVER_FOLDER = ".pyreq"
"""Where they are written once serverless.yml names them: the Framework empties ``.serverless`` before it
packages (its ``package:cleanup`` hook), so what it is to deploy can't lie there."""
ARTIFACT_FOLDERS = (BUILD_FOLDER, HANDOVER_FOLDER)
LAYER_KEY = "pythonRequirements"
"""Under ``layers``; the Framework makes the logical id PythonRequirementsLambdaLayer of it."""
LAYER_FILENAME = "pythonRequirements.zip"
"""The layer's artifact, named as the Framework's Python support names it."""


def sbom_filename(artifact: str) -> str:
    """The SBOM beside an artifact, named as CycloneDX recommends: ``shop.zip`` -> ``shop.cdx.json``."""
    return f"{artifact.removesuffix('.zip')}.cdx.json"


def shared_filename(service: str) -> str:
    """The artifact of all functions that are not packaged individually."""
    return f"{service}.zip"


def function_filename(function: str, module: str, service: str, stage: str) -> str:
    """The artifact of a function packaged individually."""
    if module == ".":
        return f"{function}.zip"
    prefix = module.strip("./").replace("/", "-")
    return f"{prefix}-{service}-{stage}-{function}.zip"


def own_folder(artifact: str, filename: str) -> str | None:
    """The folder that ``package.artifact`` names where it is pyreq-tui's own ``filename``, else ``None``."""
    path = PurePosixPath(artifact.replace("\\", "/"))
    folder = str(path.parent)
    return folder if folder in ARTIFACT_FOLDERS and path.name == filename else None
