"""The detectors in use: one visible tuple, in the order the report shows them."""

from __future__ import annotations

from stillwatch.detectors.acting_together import ActingTogether
from stillwatch.detectors.common_means import CommonMeans
from stillwatch.detectors.content_exchange import ContentExchange
from stillwatch.detectors.conversation import Conversation
from stillwatch.detectors.elicitation import Elicitation
from stillwatch.detectors.end_users import EndUsers
from stillwatch.detectors.failing_over import FailingOver
from stillwatch.detectors.foreign_turns import ForeignTurns
from stillwatch.detectors.judgement import Detector
from stillwatch.detectors.key_burst import KeyBurst
from stillwatch.detectors.known_source import KnownSource
from stillwatch.detectors.model_pivot import ModelPivot
from stillwatch.detectors.one_customer import OneCustomer
from stillwatch.detectors.one_network import OneNetwork
from stillwatch.detectors.own_repeats import OwnRepeats
from stillwatch.detectors.returned_outputs import ReturnedOutputs
from stillwatch.detectors.rotating_wording import RotatingWording
from stillwatch.detectors.shared_control import SharedControl
from stillwatch.detectors.shared_seats import SharedSeats
from stillwatch.detectors.template_place import TemplatePlace
from stillwatch.detectors.turn_taking import TurnTaking
from stillwatch.detectors.volume_balance import VolumeBalance
from stillwatch.detectors.without_night import WithoutNight
from stillwatch.detectors.work_list import WorkList
from stillwatch.detectors.young_accounts import YoungAccounts

DETECTORS: tuple[Detector, ...] = (
    KeyBurst(),
    SharedControl(),
    ContentExchange(),
    VolumeBalance(),
    TurnTaking(),
    FailingOver(),
    ActingTogether(),
    WithoutNight(),
    TemplatePlace(),
    WorkList(),
    OwnRepeats(),
    RotatingWording(),
    CommonMeans(),
    Elicitation(),
    Conversation(),
    ModelPivot(),
    ReturnedOutputs(),
    ForeignTurns(),
    OneCustomer(),
    OneNetwork(),
    YoungAccounts(),
    SharedSeats(),
    EndUsers(),
    KnownSource(),
)
