"""Level `jail`: the contract at both depths."""

from evoheur.sandbox.interface import Entry, Sandbox
from evoheur.sandbox.jail import JailSandbox
from evoheur.testing.sandbox_contract import SandboxContract


class TestFlatJail(SandboxContract):
    """Level L0, which needs nothing but Landlock and filters."""

    levels = frozenset({"jail-L0"})

    def make_sandbox(self, entry: Entry) -> Sandbox:
        return JailSandbox(entry, level="L0")


class TestDeepJail(SandboxContract):
    """Level L1, in namespaces."""

    levels = frozenset({"jail-L1"})
    guest_processes = 2  # process 1 of the namespace, and the one that stands in for it outside

    def make_sandbox(self, entry: Entry) -> Sandbox:
        return JailSandbox(entry, level="L1")
