"""Every option that ``uv pip install`` takes, and what becomes of it here: with ``installer: uv``."""

from __future__ import annotations

from pyreq_tui.locks.arguments import Table, table

_FRESH = "every build starts from nothing"
_PROGRESS = "pyreq-tui shows its own progress"
_CACHES = "useDownloadCache and cacheLocation say what is kept, and where"
_TARGET = "runtime and architecture say what is built for"
_PLACE = "the requirements' place is the artifact"
_QUESTION = "it has uv answer instead of installing"

UV_OPTIONS: Table = table(
    {
        ("resolver", ""): """
            --constraint|-c|--constraints --no-deps --require-hashes --pre --no-binary --only-binary
            --index-url|-i --extra-index-url --no-index --find-links|-f --trusted-host|--allow-insecure-host
            --cert --keyring-provider""",
        ("installer", ""): """
            --overrides|--override --excludes|--exclude --extra --all-extras --group --index --default-index
            --index-strategy --resolution --prerelease --prerelease-package --fork-strategy --exclude-newer
            --exclude-newer-package --no-sources --no-sources-package --torch-backend --config-file
            --upgrade-package|-P --upgrade-group --system-certs|--native-tls --no-build
            --no-build-isolation-package --config-settings-package --require-build-hashes""",
        ("build", ""): """
            --config-settings|-C|--config-setting --no-build-isolation
            --build-constraint|-b|--build-constraints""",
        ("place", ""): "--compile|--compile-bytecode --no-compile|--no-compile-bytecode",
        ("needless", _FRESH): """
            --upgrade|-U --reinstall|--force-reinstall --reinstall-package --exact --strict
            --break-system-packages --no-break-system-packages --link-mode --refresh --refresh-package
            --no-editable --no-editable-package""",
        ("needless", _TARGET): "--python-version --python-platform --system --no-system",
        ("needless", "a download is always verified"): "--no-verify-hashes --verify-hashes",
        ("needless", "pythonBin names the interpreter, and none is ever downloaded"): """
            --managed-python --no-managed-python --no-python-downloads""",
        ("needless", _PROGRESS): "--quiet|-q --verbose|-v --color --no-color --no-progress --output-format",
        ("needless", _CACHES): "--no-cache|-n|--no-cache-dir --cache-dir",
        ("needless", "--offline is an option of pyreq-tui itself"): "--offline",
        ("refused", _PLACE): "--target|-t --user --prefix",
        ("refused", _QUESTION): "--dry-run --check --help|-h --version|-V",
        ("refused", "pythonBin names the interpreter"): "--python|-p",
        ("refused", "the requirements are the module's own"): "--requirement|-r|--requirements --editable|-e",
        ("refused", "uv would run elsewhere"): "--directory --project --no-config",
    },
    values="""
        --constraint --no-binary --only-binary --index-url --extra-index-url --find-links --trusted-host
        --cert --keyring-provider --overrides --excludes --extra --group --index --default-index
        --index-strategy --resolution --prerelease --prerelease-package --fork-strategy --exclude-newer
        --exclude-newer-package --no-sources-package --torch-backend --config-file --upgrade-package
        --upgrade-group --no-build-isolation-package --config-settings-package --config-settings
        --build-constraint --reinstall-package --link-mode --refresh-package --no-editable-package
        --python-version --python-platform --color --output-format --cache-dir --target --prefix
        --python --requirement --editable --directory --project""",
)
"""By every spelling. What a later release adds is passed on to it."""
