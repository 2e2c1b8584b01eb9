"""A machine that runs system call filters as the kernel would, written from the manual and not from the assembler."""

import struct
from collections.abc import Sequence

X86_64 = 0xC000003E
I386 = 0x40000003


def verdict(program: bytes | bytearray, number: int, arguments: Sequence[int] = (), *, audit: int = X86_64) -> int:
    """What the filter returns for a system call.

    Args:
        program: An array of struct sock_filter.
        number: Of the call.
        arguments: 64-bit words; the rest of the six are 0.
        audit: The architecture that the call is made on.

    Raises:
        AssertionError: The program is one that the kernel would not take: unknown instruction, jump or load out of bounds, no return.
    """
    assert len(program) % 8 == 0
    words = [word & (2**64 - 1) for word in arguments] + [0] * (6 - len(arguments))
    data = struct.pack("=IIQ6Q", number, audit, 0, *words)  # struct seccomp_data
    instructions = list(struct.iter_unpack("=HBBI", program))
    assert len(instructions) <= 4096
    accumulator, position = 0, 0
    while position < len(instructions):
        code, if_true, if_false, constant = instructions[position]
        position += 1
        if code == 0x20:  # BPF_LD | BPF_W | BPF_ABS
            assert constant % 4 == 0
            (accumulator,) = struct.unpack_from("=I", data, constant)
        elif code == 0x54:  # BPF_ALU | BPF_AND | BPF_K
            accumulator &= constant
        elif code == 0x15:  # BPF_JMP | BPF_JEQ | BPF_K
            position += if_true if accumulator == constant else if_false
        else:
            assert code == 0x06, f"unknown instruction {code:#x}"  # BPF_RET | BPF_K
            result: int = constant
            return result
    raise AssertionError("the program runs off its end")
