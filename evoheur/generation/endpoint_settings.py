"""Settings of an endpoint: where it is, which model answers there, and within which limits."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, ValidationInfo, field_validator, model_validator

from evoheur.errors import ConfigError
from evoheur.generation.endpoint_address import checked_address
from evoheur.generation.endpoint_limits import EndpointLimits
from evoheur.generation.endpoint_presets import PRESETS
from evoheur.generation.key_guard import checked_variable, refuse_literal_secrets, refuse_pasted_keys
from evoheur.generation.pricing import PriceConfig

__all__ = ["DEFAULT_BASE_URL", "EndpointSettings"]

DEFAULT_BASE_URL = "https://api.openai.com/v1"
_Preset = Literal["llama.cpp", "ollama", "vllm", "lm-studio", "openai", "openrouter", "deepseek", "gemini", "anthropic"]


class EndpointSettings(EndpointLimits):
    """Settings of an OpenAI-compatible endpoint. Keys come from the environment and are never stored."""

    kind: Literal["openai"] = "openai"
    stop_if_useless: bool = True
    """Whether a run is stopped, to be resumed, when 20 requests in a row bring no heuristic, or 80 % of the last 50 replies hold none."""
    model: Annotated[str, Field(min_length=1)]
    """The model, as the endpoint names it."""
    preset: _Preset | None = None
    """A known endpoint, which fills in base_url and api_key_env where they are not given: llama.cpp, ollama, vllm, lm-studio, openai,
    openrouter, deepseek, gemini, anthropic."""
    base_url: str | None = None
    """Root of the API, such as http://localhost:8000/v1; None takes the preset's, else OPENAI_BASE_URL from the environment, else OpenAI's
    own."""
    api_key_env: str | None = None
    """Name of the environment variable that holds the key; None takes the preset's, else OPENAI_API_KEY. A server on this machine or in the
    network around it may go without."""
    headers: Mapping[str, str] = Field(default_factory=dict)
    """Further headers; $NAME in a value stands for an environment variable, such as {api-key: $AZURE_OPENAI_API_KEY}."""
    query: Mapping[str, str] = Field(default_factory=dict)
    """Parameters behind the address, such as {api-version: 2024-10-21}; $NAME stands for an environment variable here, too."""
    temperature: Annotated[float, Field(ge=0)] | None = None
    """Sampling temperature; None leaves it to the endpoint, as EoH's releases do (some models accept no other). Some
    methods ask for another one now and then, counted from this number if there is one: ReEvo for 0.3 more in its first prompts."""
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    """Nucleus sampling; None leaves it to the endpoint."""
    max_tokens: PositiveInt | None = None
    """Longest reply in tokens; None leaves it to the endpoint. Sent as max_completion_tokens from when the endpoint asks for that."""
    max_completion_tokens: PositiveInt | None = None
    """The same by the name that reasoning models want: what they think counts."""
    reasoning_effort: str | None = None
    """How much a reasoning model thinks, such as low, medium, high; None leaves it to the endpoint."""
    seed: bool = False
    """Send each request's seed: local servers then repeat themselves. Off, because some endpoints refuse the field."""
    api: Literal["chat", "responses"] = "chat"
    """Which API the endpoint is asked by: chat completions, or the Responses API."""
    stream: Literal["auto"] | bool = "auto"
    """Whether replies come piece by piece, so that a slow one is not taken for a lost one and what breaks off is known; auto does
    without where the endpoint refuses it."""
    structured: bool = False
    """Whether replies are to be JSON with thought and code, which the endpoint then sees to; one that refuses it is asked without."""
    n: PositiveInt = 1
    """Most requests with the same prompt that share one call, where a strategy asks for several at once: the prompt is sent and paid once.
    An endpoint that refuses it, or gives fewer replies, is asked one by one. Chat completions only."""
    timeout_seconds: PositiveFloat = 120.0
    """Longest silence in a call, in seconds: before the first byte of the answer, and from byte to byte. A call that is not streamed is
    silent until its answer is complete. One that was cut off is made once more, with four times as long."""
    first_token_seconds: PositiveFloat | None = None
    """Longest silence before the first byte of the answer, in seconds; None for timeout_seconds."""
    longest_seconds: PositiveFloat = 1800.0
    """Longest time for one call in all, in seconds, and at least as long as it may be silent."""
    max_attempts: PositiveInt = 8
    """Most calls for one request. Eight wait for at least two minutes, longer than the usual window of a rate limit."""
    max_wait_seconds: PositiveFloat = 600.0
    """No call of a request starts later than this after its first one, in seconds."""
    longest_wait_seconds: PositiveFloat = 60.0
    """Longest wait between two calls, in seconds, even if the server asks for more."""
    price: PriceConfig | None = None
    """What the model costs, in US dollars for a million tokens: {input: 0.25, cached: 0.025, output: 2.0}. None takes the price from a
    table of known models and providers; a budget of money needs a price."""
    extra_body: Mapping[str, Any] = Field(default_factory=dict)
    """Further fields of the request body for this endpoint, such as {top_k: 40}."""

    @field_validator("base_url")
    @classmethod
    def _is_plain_url(cls, value: str | None) -> str | None:
        return value if value is None else checked_address(value)

    @field_validator("api_key_env")
    @classmethod
    def _is_a_name(cls, value: str | None) -> str | None:
        return value if value is None else checked_variable(value)

    @field_validator("headers", "query")
    @classmethod
    def _names_its_keys(cls, value: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
        refuse_literal_secrets(value, str(info.field_name))
        return value

    @field_validator("extra_body")
    @classmethod
    def _holds_no_key(cls, value: Mapping[str, Any]) -> Mapping[str, Any]:
        refuse_pasted_keys(value, "extra_body")
        return value

    @model_validator(mode="after")
    def _limits_once(self) -> Self:
        if self.max_tokens is not None and self.max_completion_tokens is not None:
            raise ValueError("max_tokens and max_completion_tokens are two names of one limit; give one")
        if self.n > 1 and self.api == "responses":
            raise ValueError("the Responses API gives one reply to a prompt; leave n at 1, or use api: chat")
        return self

    def address(self, environ: Mapping[str, str]) -> str:
        """Root of the API: as given, else the preset's, else the environment's, else OpenAI's.

        Raises:
            ConfigError: OPENAI_BASE_URL is no address of an API's root.
        """
        if self.base_url is not None:
            return self.base_url
        if self.preset is not None:
            return PRESETS[self.preset].base_url
        named = environ.get("OPENAI_BASE_URL")
        if not named:
            return DEFAULT_BASE_URL
        try:
            return checked_address(named)
        except ValueError as error:
            raise ConfigError(f"The environment variable OPENAI_BASE_URL does not do: {error}.") from error

    @property
    def asks_for_json(self) -> bool:
        """Whether replies are structured."""
        return self.structured

    @property
    def key_variable(self) -> str:
        """The environment variable that holds the key."""
        return self.api_key_env or (PRESETS[self.preset].api_key_env if self.preset else "OPENAI_API_KEY")
