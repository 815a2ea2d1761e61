"""Guided first-time setup: looks at a folder, asks what it raises, and tells which files would change.

``survey`` looks; a ``Journey`` is someone's way through the Steps, and knows which files would change;
``weigh`` makes of gathered materials the Estimate that the later Steps need. Nothing is written here, and
nothing of the user's is run.
"""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.setup.estimate import Estimate, weigh
    from pyreq_tui.setup.journey import Journey
    from pyreq_tui.setup.model import Answers, Choice, Step
    from pyreq_tui.setup.survey import PRINTED_NAME, Survey, has_config, services_below, survey
    from pyreq_tui.setup.wording import told

__all__ = [
    "PRINTED_NAME",
    "Answers",
    "Choice",
    "Estimate",
    "Journey",
    "Step",
    "Survey",
    "has_config",
    "services_below",
    "survey",
    "told",
    "weigh",
]

hand_out(__name__)
