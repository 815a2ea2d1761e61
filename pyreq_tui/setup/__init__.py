"""Guided first-time setup: looks at a folder, asks what it raises, and tells which files would change.

``survey`` looks; ``walk`` turns answers into Steps and edits; ``weigh`` makes of gathered materials the
Estimate that the later Steps need; a ``Journey`` is someone's way through them.
Nothing is written here, and nothing of the user's is run.
"""

from pyreq_tui.setup.estimate import Estimate, weigh
from pyreq_tui.setup.journey import Journey
from pyreq_tui.setup.model import Answers, Choice, Step, StepKey
from pyreq_tui.setup.survey import Survey, has_config, services_below, survey
from pyreq_tui.setup.walk import Course, walk

__all__ = [
    "Answers",
    "Choice",
    "Course",
    "Estimate",
    "Journey",
    "Step",
    "StepKey",
    "Survey",
    "has_config",
    "services_below",
    "survey",
    "walk",
    "weigh",
]
