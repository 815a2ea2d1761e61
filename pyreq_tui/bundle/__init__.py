"""The set of files that ships, the steps that shape it, and the zip it is written as.

Every step takes a Bundle and gives a Bundle; none touches the disk but ``list_files``, ``code_entries``
(which reads and deflates the user's files) and ``write_zip``.
"""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.bundle.code import CodeFile, Listing, list_files, repository_of
    from pyreq_tui.bundle.compose import HELPER_NAME, NESTED_NAME, compose, move_to_root, nest, omit, relocate
    from pyreq_tui.bundle.deflated import Kept, code_entries, is_kept_whole, keep_deflated
    from pyreq_tui.bundle.entry import (
        SERVICE_CODE,
        VENDOR,
        ZIP_HELPER,
        Bytes,
        DeflatedBytes,
        Entry,
        LiteralBytes,
        NestedBytes,
        UnknownBytes,
        WheelBytes,
    )
    from pyreq_tui.bundle.exclusion import (
        EXCLUDABLE,
        KINDS,
        STUBS,
        TESTS,
        Amount,
        Exclusion,
        Kind,
        amount_of,
        exclusion_of,
        main_kind,
        weigh_kinds,
    )
    from pyreq_tui.bundle.glob import compile_globs, literal_base
    from pyreq_tui.bundle.layout import lay_out
    from pyreq_tui.bundle.model import Bundle
    from pyreq_tui.bundle.node_modules import development_only
    from pyreq_tui.bundle.packages import PackageSize, package_sizes
    from pyreq_tui.bundle.select import (
        FRAMEWORK_EXCLUDES,
        default_excludes,
        excluded_by,
        named_outside,
        select,
        unmatched_patterns,
    )
    from pyreq_tui.bundle.slim import DEFAULT_SLIM_PATTERNS, slim, slim_patterns
    from pyreq_tui.bundle.splice import OpenWheels, read_entry
    from pyreq_tui.bundle.strip import (
        KeptLibrary,
        Libraries,
        StrippedLibrary,
        is_library,
        library_key,
        strip,
        unstripped,
    )
    from pyreq_tui.bundle.tree import SizeNode, group, size_tree, unfold
    from pyreq_tui.bundle.writer import write_zip
    from pyreq_tui.bundle.zipformat import zip_size

__all__ = [
    "DEFAULT_SLIM_PATTERNS",
    "EXCLUDABLE",
    "FRAMEWORK_EXCLUDES",
    "HELPER_NAME",
    "KINDS",
    "NESTED_NAME",
    "SERVICE_CODE",
    "STUBS",
    "TESTS",
    "VENDOR",
    "ZIP_HELPER",
    "Amount",
    "Bundle",
    "Bytes",
    "CodeFile",
    "DeflatedBytes",
    "Entry",
    "Exclusion",
    "Kept",
    "KeptLibrary",
    "Kind",
    "Libraries",
    "Listing",
    "LiteralBytes",
    "NestedBytes",
    "OpenWheels",
    "PackageSize",
    "SizeNode",
    "StrippedLibrary",
    "UnknownBytes",
    "WheelBytes",
    "amount_of",
    "code_entries",
    "compile_globs",
    "compose",
    "default_excludes",
    "development_only",
    "excluded_by",
    "exclusion_of",
    "group",
    "is_kept_whole",
    "is_library",
    "keep_deflated",
    "lay_out",
    "library_key",
    "list_files",
    "literal_base",
    "main_kind",
    "move_to_root",
    "named_outside",
    "nest",
    "omit",
    "package_sizes",
    "read_entry",
    "relocate",
    "repository_of",
    "select",
    "size_tree",
    "slim",
    "slim_patterns",
    "strip",
    "unfold",
    "unmatched_patterns",
    "unstripped",
    "weigh_kinds",
    "write_zip",
    "zip_size",
]

hand_out(__name__)
