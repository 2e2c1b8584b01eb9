"""Endpoints known by name: where they are, and what holds their key."""

from dataclasses import dataclass

__all__ = ["PRESETS", "EndpointPreset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPreset:
    """Settings of an endpoint.

    Attributes:
        base_url: Root of its API.
        api_key_env: Environment variable with the key; a server on one's own machine needs none.
        note: What to know before a run, in a sentence.
    """

    base_url: str
    api_key_env: str
    note: str


PRESETS = {
    "llama.cpp": EndpointPreset(
        base_url="http://localhost:8080/v1",
        api_key_env="LLAMA_API_KEY",
        note="`llama-server -m FILE.gguf --parallel 4 -c 32768`: the context is shared among the parallel calls; any model name will do.",
    ),
    "ollama": EndpointPreset(
        base_url="http://localhost:11434/v1",
        api_key_env="OLLAMA_API_KEY",
        note="Set OLLAMA_NUM_PARALLEL to what in_flight asks for, and OLLAMA_CONTEXT_LENGTH: longer prompts are cut without a word.",
    ),
    "vllm": EndpointPreset(
        base_url="http://localhost:8000/v1",
        api_key_env="VLLM_API_KEY",
        note="`vllm serve MODEL`; batches many calls, so a large in_flight pays.",
    ),
    "lm-studio": EndpointPreset(
        base_url="http://localhost:1234/v1",
        api_key_env="LM_API_TOKEN",
        note="Start the server in the developer view, and load the model with the context that prompts need.",
    ),
    "openai": EndpointPreset(
        base_url="https://api.openai.com/v1",
        api_key_env="OPENAI_API_KEY",
        note="Reasoning models take max_completion_tokens and reasoning_effort, and no temperature.",
    ),
    "openrouter": EndpointPreset(
        base_url="https://openrouter.ai/api/v1",
        api_key_env="OPENROUTER_API_KEY",
        note="Names are provider/model; what answers may differ from call to call, and the archive stores what did.",
    ),
    "deepseek": EndpointPreset(
        base_url="https://api.deepseek.com/v1",
        api_key_env="DEEPSEEK_API_KEY",
        note="The reasoning model thinks in its reply's budget: set max_tokens generously.",
    ),
    "gemini": EndpointPreset(
        base_url="https://generativelanguage.googleapis.com/v1beta/openai",
        api_key_env="GEMINI_API_KEY",
        note="Free tiers have few requests a minute; a small in_flight meets them.",
    ),
    "anthropic": EndpointPreset(
        base_url="https://api.anthropic.com/v1",
        api_key_env="ANTHROPIC_API_KEY",
        note="The compatible endpoint; set max_tokens.",
    ),
}
"""Name → settings."""
