"""The prompt templates of a strategy, and their placeholders."""

from collections.abc import Mapping
from pathlib import Path

from evoheur.components import nearest, resolve_kind
from evoheur.documents.machine_document import OperatorDocument, ParentsDocument, PromptsDocument
from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.render import PLACEHOLDERS, SHARED_FOLDER, PromptLibrary
from evoheur.request import RequestKind
from evoheur.strategies.prompt_evolving import PROMPT_CARDS
from evoheur.strategies.repairing import REPAIR_CARD
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, OperatorCard, StrategyConfig

__all__ = ["PLACEHOLDERS", "SHARED_FOLDER", "StrategyPrompts"]

_SOME_PROBLEM = "bin_packing_online"  # a library needs one; nothing that is shown here depends on it


class StrategyPrompts:
    """One strategy's operators and templates.

    Args:
        kind: Of a strategy that can be made without settings.

    Raises:
        ConfigError: There is no such strategy, or its prompts are those of its members.
    """

    def __init__(self, kind: str) -> None:
        config_type = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy", folder=Path.cwd())  # type: ignore[type-abstract]
        config = config_type.model_validate({"kind": kind})
        if config.template_folders != (config.template_folder,):
            raise ConfigError(
                f"The prompts of {kind!r} are those of its members ({', '.join(config.template_folders)}); show one of them."
            )
        self.kind = kind
        self.folder = config.template_folder
        self.cards: Mapping[str, OperatorCard] = {**config.catalogue, **REPAIR_CARD, **PROMPT_CARDS}
        self.library = PromptLibrary(ProblemCard.from_problem(load_problem(_SOME_PROBLEM)), own=config.own_templates)

    @property
    def rendered(self) -> list[str]:
        """The operators that have a prompt; constants are tuned without one."""
        return [name for name, card in self.cards.items() if card.kind.asks_model]

    def check(self, operator: str) -> None:
        """Refuse an operator that is missing or has no prompt.

        Raises:
            ConfigError: There is not.
        """
        if operator not in self.rendered:
            raise ConfigError(
                f"Strategy {self.kind!r} sends no prompt for an operator {operator!r}{nearest(operator, self.rendered)}; "
                f"it has {', '.join(self.rendered)}."
            )

    def used(self, operator: str) -> list[str]:
        """The placeholders that the shipped template uses."""
        return self.library.placeholders(self.folder, operator)

    def document(self) -> PromptsDocument:
        """Operators and templates as a document, for `--json`."""
        operators = {
            name: OperatorDocument(
                summary=card.summary,
                produces="tuning" if card.kind is RequestKind.TUNING else card.produces,
                parents=ParentsDocument(least=card.parents[0], most=card.parents[1]),
                context=dict(card.context),
                uses=self.used(name) if name in self.rendered else [],
            )
            for name, card in self.cards.items()
        }
        return PromptsDocument(
            format="prompts/1",
            strategy=self.kind,
            folder=self.folder,
            operators=operators,
            placeholders=dict(PLACEHOLDERS),
        )

    def copy_to(self, folder: Path) -> list[str]:
        """Write the templates into a folder.

        There each takes the place of the shipped one.

        Returns:
            Their names.

        Raises:
            ConfigError: One is there already.
        """
        files = self.library.files(self.folder, self.rendered)
        taken = [name for name in files if (folder / name).exists()]
        if taken:
            raise ConfigError(f"{folder / taken[0]} is there already and is not written over; name another folder.")
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return list(files)
