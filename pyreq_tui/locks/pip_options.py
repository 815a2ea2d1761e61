"""Every option that ``pip install`` takes, and what becomes of it here."""

from __future__ import annotations

from pyreq_tui.locks.arguments import Table, table

_FRESH = "every build starts from nothing"
_PROGRESS = "pyreq-tui shows its own progress"
_CACHES = "useDownloadCache and cacheLocation say what is kept, and where"
_PLACE = "the requirements' place is the artifact"
_QUESTION = "it has pip answer instead of installing"

PIP_OPTIONS: Table = table(
    {
        ("resolver", ""): """
            --constraint|-c --no-deps|--no-dependencies --require-hashes --no-require-hashes --pre --no-binary
            --only-binary --prefer-binary --index-url|-i|--pypi-url --extra-index-url --no-index
            --find-links|-f --trusted-host --cert --client-cert --proxy --timeout|--default-timeout --retries
            --keyring-provider""",
        ("installer", ""): """
            --requirement|-r --editable|-e --requirements-from-script --group --only-deps|--only-dependencies
            --platform --python-version --implementation --abi --ignore-requires-python --all-releases
            --only-final --uploaded-prior-to --no-proxy-env --isolated""",
        ("build", ""): """
            --config-settings|-C|--config-setting --no-build-isolation --build-constraint --global-option
            --no-use-pep517 --check-build-dependencies""",
        ("place", ""): "--compile --no-compile",
        ("needless", _FRESH): """
            --upgrade|-U --upgrade-strategy --force-reinstall --ignore-installed|-I --no-user
            --break-system-packages --exists-action --no-warn-conflicts --require-virtualenv|--require-venv
            --refresh-package""",
        ("needless", "what is editable is built into a wheel"): """
            --src|--source|--source-dir|--source-directory""",
        ("needless", "wheels are always built by PEP 517"): "--use-pep517",
        ("needless", "nothing is left behind"): "--no-clean",
        ("needless", _PROGRESS): """
            --progress-bar --verbose|-v --quiet|-q --log|--log-file|--local-log --no-input --no-color --debug
            --disable-pip-version-check --no-python-version-warning --no-warn-script-location
            --root-user-action --resume-retries --use-feature --use-deprecated""",
        ("needless", _CACHES): "--cache-dir --no-cache-dir",
        ("refused", _PLACE): "--target|-t --user --root --prefix",
        ("refused", _QUESTION): "--dry-run --report --help|-h --version|-V",
        ("refused", "pythonBin names the interpreter"): "--python",
        ("refused", "pip itself has dropped it, in release 23.1"): "--install-option",
    },
    values="""
        --constraint --no-binary --only-binary --index-url --extra-index-url --find-links --trusted-host
        --cert --client-cert --proxy --timeout --retries --keyring-provider --requirement --editable
        --requirements-from-script --group --platform --python-version --implementation --abi --all-releases
        --only-final --uploaded-prior-to --config-settings --build-constraint --global-option
        --upgrade-strategy --exists-action --refresh-package --src --progress-bar --log --root-user-action
        --resume-retries --use-feature --use-deprecated --cache-dir --target --root --prefix --report --python
        --install-option""",
)
"""Of all releases of pip since 22.2, by every spelling. What a later one adds is left to that pip."""
