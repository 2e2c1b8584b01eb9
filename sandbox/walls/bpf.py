"""System call filters in classic BPF.

Cases about a call's number and arguments are assembled to the bytes that the kernel takes. A case is a short straight block, so that no
jump is longer than its block and none ever needs patching. Cases are tried in order; the first that names the call decides. See
seccomp(2) and the kernel's Documentation/userspace-api/seccomp_filter.rst.
"""

import errno
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

__all__ = ["ALLOW", "KILL", "OWN_PROCESS", "CallCase", "Condition", "Filter", "is_null", "refuse"]

ALLOW = 0x7FFF0000
"""SECCOMP_RET_ALLOW: the call is made."""

KILL = 0x80000000
"""SECCOMP_RET_KILL_PROCESS: the process ends with SIGSYS."""

OWN_PROCESS = -1
"""Stands in a condition for the id of the process that the filter is put on."""

_RET_ERRNO = 0x00050000
_EPERM = _RET_ERRNO | errno.EPERM
_LOAD, _AND, _JUMP_EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06  # ld abs word, and, jeq, ret
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_WORD = 0xFFFFFFFF
_INSTRUCTION = struct.Struct("=HBBI")  # struct sock_filter
_VALUE_OFFSET = 4  # of the constant inside an instruction
_MAX_BLOCK = 255  # a jump has eight bits


def refuse(number: int = errno.EPERM) -> int:
    """The verdict that makes a call fail.

    It fails with an errno instead of being made.
    """
    return _RET_ERRNO | number


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: half an argument, masked, is one of some values.

    Attributes:
        argument: Its position, from 0.
        values: Unsigned 32-bit numbers, or `OWN_PROCESS`.
        mask: Bits that are looked at.
        high: Look at the upper 32 bits; the lower ones are all that the kernel reads of an int.
    """

    argument: int
    values: tuple[int, ...]
    mask: int = _WORD
    high: bool = False


def is_null(argument: int) -> tuple[Condition, Condition]:
    """That a pointer is null: both its halves."""
    return Condition(argument, (0,)), Condition(argument, (0,), high=True)


@dataclass(frozen=True, slots=True)
class CallCase:
    """What happens to a system call.

    Attributes:
        number: Of the system call.
        verdict: What happens if all conditions hold; if one does not, the call fails with EPERM.
        conditions: On its arguments.
    """

    number: int
    verdict: int = ALLOW
    conditions: tuple[Condition, ...] = ()


class Filter:
    """An assembled system call filter.

    It kills on a foreign architecture and refuses what no case names. On x86-64 the x32 calls are among these: their numbers have a bit
    set that no case's number has.

    Args:
        audit: The AUDIT_ARCH value of the architecture that the cases' numbers belong to.
        cases: Tried in order.
        otherwise: The verdict on calls that no case names.

    Raises:
        ValueError: A case has too many conditions.
    """

    def __init__(self, audit: int, cases: Sequence[CallCase], *, otherwise: int = _EPERM) -> None:
        code = [
            (_LOAD, 0, 0, _ARCHITECTURE),
            (_JUMP_EQUAL, 1, 0, audit),
            (_RETURN, 0, 0, KILL),
            (_LOAD, 0, 0, _NUMBER),
            *chain.from_iterable(map(_case, cases)),
            (_RETURN, 0, 0, otherwise),
        ]
        self._places = [
            index * _INSTRUCTION.size + _VALUE_OFFSET for index, instruction in enumerate(code) if instruction[3] == OWN_PROCESS
        ]
        self._template = b"".join(_INSTRUCTION.pack(*head, value & _WORD) for *head, value in code)

    def for_process(self, process: int) -> bytearray:
        """The program for one process: an array of struct sock_filter."""
        program = bytearray(self._template)
        for place in self._places:
            struct.pack_into("=I", program, place, process)
        return program


_Instruction = tuple[int, int, int, int]  # operation, jump if true, jump if false, constant


def _case(case: CallCase) -> list[_Instruction]:
    block = [*chain.from_iterable(map(_condition, case.conditions)), (_RETURN, 0, 0, case.verdict)]
    if len(block) > _MAX_BLOCK:
        raise ValueError(
            f"The case on system call {case.number} takes {len(block)} instructions, at most {_MAX_BLOCK} fit; split it."
        )
    return [(_JUMP_EQUAL, 0, len(block), case.number), *block]


def _condition(condition: Condition) -> list[_Instruction]:
    # Low half first: both architectures that are known are little-endian.
    code = [(_LOAD, 0, 0, _ARGUMENTS + 8 * condition.argument + 4 * condition.high)]
    if condition.mask != _WORD:
        code.append((_AND, 0, 0, condition.mask))
    count = len(condition.values)
    code += [(_JUMP_EQUAL, count - index, 0, value) for index, value in enumerate(condition.values)]
    return [*code, (_RETURN, 0, 0, refuse())]
