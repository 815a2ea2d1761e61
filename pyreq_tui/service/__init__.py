"""Reads and edits what the user wrote: serverless.yml to a Service, and option changes back into its text."""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.errors import ItemChange, KeyChange, OptionChange, ValueChange
    from pyreq_tui.service.artifacts import (
        ARTIFACT_FOLDERS,
        BUILD_FOLDER,
        HANDOVER_FOLDER,
        LAYER_FILENAME,
        LAYER_KEY,
        function_filename,
        sbom_filename,
        shared_filename,
    )
    from pyreq_tui.service.budgets import BudgetKind, BudgetRule
    from pyreq_tui.service.code_block import code_file, render_code
    from pyreq_tui.service.configuration import Inputs
    from pyreq_tui.service.edit import Edit, StaleEditError, edit_file, write_all
    from pyreq_tui.service.editing import (
        ConfigurationChange,
        edit_options,
        edit_values,
        render_block,
        written_options,
    )
    from pyreq_tui.service.environment import environment_of
    from pyreq_tui.service.given import read_value_text
    from pyreq_tui.service.handover import hand_over, take_back
    from pyreq_tui.service.layer import LAYER_REFERENCE, layer_platform, platform_of, render_layer
    from pyreq_tui.service.layer_use import leave_layer, use_layer
    from pyreq_tui.service.loading import CODE_NAMES, CONFIG_NAMES, load_service
    from pyreq_tui.service.model import Function, Service
    from pyreq_tui.service.option_block import BLOCK as OPTIONS_PATH
    from pyreq_tui.service.options import OPTION_SPECS, Options, Origin, option_table, spec_of
    from pyreq_tui.service.package_json import PACKAGE_JSON, required_packages, without_package
    from pyreq_tui.service.rendering import render_flow, render_map
    from pyreq_tui.service.specs import LayerOptions, OptionSpec
    from pyreq_tui.service.unpack_import import UNPACK_MODULE, with_unpacking
    from pyreq_tui.service.values import LAYER_FIELDS

__all__ = [
    "ARTIFACT_FOLDERS",
    "BUILD_FOLDER",
    "CODE_NAMES",
    "CONFIG_NAMES",
    "HANDOVER_FOLDER",
    "LAYER_FIELDS",
    "LAYER_FILENAME",
    "LAYER_KEY",
    "LAYER_REFERENCE",
    "OPTIONS_PATH",
    "OPTION_SPECS",
    "PACKAGE_JSON",
    "UNPACK_MODULE",
    "BudgetKind",
    "BudgetRule",
    "ConfigurationChange",
    "Edit",
    "Function",
    "Inputs",
    "ItemChange",
    "KeyChange",
    "LayerOptions",
    "OptionChange",
    "OptionSpec",
    "Options",
    "Origin",
    "Service",
    "StaleEditError",
    "ValueChange",
    "code_file",
    "edit_file",
    "edit_options",
    "edit_values",
    "environment_of",
    "function_filename",
    "hand_over",
    "layer_platform",
    "leave_layer",
    "load_service",
    "option_table",
    "platform_of",
    "read_value_text",
    "render_block",
    "render_code",
    "render_flow",
    "render_layer",
    "render_map",
    "required_packages",
    "sbom_filename",
    "shared_filename",
    "spec_of",
    "take_back",
    "use_layer",
    "with_unpacking",
    "without_package",
    "write_all",
    "written_options",
]

hand_out(__name__)
