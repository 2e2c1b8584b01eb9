"""What an endpoint takes of what it is asked for, learnt from its refusals."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import Any, ClassVar, Protocol

import openai

from evoheur.generation.answer_interpretation import AnswerForm
from evoheur.generation.api_faults import Fault
from evoheur.generation.model_call import ModelCall
from evoheur.generation.received_answer import Pieces
from evoheur.request import Message

__all__ = ["EndpointDialect", "ModelApi"]

_log = logging.getLogger(__name__)

_OF_A_FIELD = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
_CHOICES = re.compile(r"(?<!\w)n(?!\w)|only one|single|multiple|choices", re.IGNORECASE)
"""How servers refuse to answer one prompt several times, where they do not name the field."""


class ModelApi(AnswerForm, Protocol):
    """An API that models are asked by."""

    omittable: ClassVar[frozenset[str]]
    """Fields without which an endpoint that refuses them is asked again."""
    other_names: ClassVar[Mapping[str, str]]
    """As what a field is sent that is refused by its first name."""

    def fields(self, call: ModelCall, refused: frozenset[str]) -> dict[str, Any]:
        """The fields of a request beside model and prompt, without those that the endpoint refused before."""

    def opening(
        self, client: openai.AsyncOpenAI, model: str, messages: Sequence[Message], fields: Mapping[str, Any]
    ) -> AbstractAsyncContextManager[Pieces]:
        """The request, which is sent when what is returned is entered."""


class EndpointDialect:
    """Remembers what an endpoint refused, and leaves it out from then on.

    Args:
        api: By which it is asked.
        name: Of the model and the endpoint, for the log.
        extra: Further fields of every request.
        insists: Fields that are sent whatever the endpoint says, because the configuration asks for them by name.
    """

    def __init__(self, api: ModelApi, *, name: str, extra: Mapping[str, Any], insists: frozenset[str] = frozenset()) -> None:
        self.api = api
        self._name = name
        self._extra = dict(extra)
        self._omittable = api.omittable - insists
        self._refused: frozenset[str] = frozenset()

    def fields(self, call: ModelCall) -> dict[str, Any]:
        """The fields of a request, as the endpoint takes them."""
        return self.api.fields(call, self._refused) | self._extra

    def takes(self, field: str) -> bool:
        """Whether the endpoint takes a field, as far as is known."""
        return field in self._omittable and field not in self._refused

    def without(self, fault: Fault, sent: Mapping[str, Any], presentable: Callable[[str], str]) -> Fault | None:
        """The fault as one that another call mends, since what the endpoint refuses is left out from now on.

        Args:
            fault: A refusal, perhaps of a field.
            sent: The fields that were sent.
            presentable: Makes the server's words fit to be shown.

        Returns:
            None if it refuses no field that can be left out.
        """
        field = "n" if "n" in sent and not fault.parameter and _is_about_choices(fault) else fault.parameter
        if field not in sent or field not in self._omittable or field in self._extra:
            return None
        other = self.api.other_names.get(field)
        instead = f", and sent as {other}" if other else ""
        self.leave_out(field, f"takes no {field}; it is left out from now on{instead}")
        return Fault(reason="bad-request", message=f"{presentable(fault.message)}; {field} is left out{instead}", retry_after=0.0)

    def leave_out(self, field: str, why: str) -> None:
        """Leave out a field from now on, and say so once."""
        if field not in self._refused:
            self._refused |= {field}
            _log.warning("%s %s", self._name, why)


def _is_about_choices(fault: Fault) -> bool:
    return fault.status in _OF_A_FIELD and _CHOICES.search(fault.message) is not None
