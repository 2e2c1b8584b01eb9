"""What the operating system grants, read from made-up /proc and /sys trees."""

from pathlib import Path

import pytest

from evoheur.api.machine.granted_resources import Kernel, granted_processors, landlock_abi

MEMINFO = "MemTotal:        8388608 kB\nMemFree:          100 kB\nMemAvailable:    4194304 kB\n"
GIB = 1024**3


def machine(root: Path, **files: str) -> Kernel:
    """A machine with these files; "__" stands for "/" in their names and a leading part says where: proc or cgroup."""
    for name, text in files.items():
        area, _, rest = name.partition("__")
        path = root / {"proc": "proc", "cgroup": "sys/fs/cgroup"}[area] / rest.replace("__", "/").replace("-", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Kernel(root)


def test_a_machine_that_says_nothing_sets_no_limits(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path)
    assert (kernel.processors(), kernel.memory()) == (None, None)
    assert not kernel.user_namespaces()
    assert not kernel.seccomp_filters()


def test_the_tightest_group_of_version_2_counts(tmp_path: Path) -> None:
    """A pod of 4 processors (400/100 ms) and 6 GiB holds a container of 1.5 processors and no limit of memory of its own."""
    kernel = machine(
        tmp_path,
        proc__meminfo=MEMINFO,
        proc__self__cgroup="0::/pod/container\n",
        **{
            "cgroup__pod__cpu-max": "400000 100000\n",
            "cgroup__pod__container__cpu-max": "150000 100000\n",
            "cgroup__pod__memory-max": f"{6 * GIB}\n",
            "cgroup__pod__container__memory-max": "max\n",
        },
    )
    assert kernel.processors() == pytest.approx(1.5)
    assert kernel.memory() == (6 * GIB, 4 * GIB)


def test_limits_of_version_1_are_read_from_each_controllers_own_tree(tmp_path: Path) -> None:
    """Half a processor and 2 GiB, which is less than the 4 GiB that the machine has available."""
    kernel = machine(
        tmp_path,
        proc__meminfo=MEMINFO,
        proc__self__cgroup="4:memory:/job\n2:cpu,cpuacct:/job\n",
        **{
            "cgroup__cpu,cpuacct__job__cpu-cfs_quota_us": "50000\n",
            "cgroup__cpu,cpuacct__job__cpu-cfs_period_us": "100000\n",
            "cgroup__memory__job__memory-limit_in_bytes": f"{2 * GIB}\n",
        },
    )
    assert kernel.processors() == pytest.approx(0.5)
    assert kernel.memory() == (2 * GIB, 2 * GIB)


def test_groups_without_limits_set_none(tmp_path: Path) -> None:
    """Version 2 says "max"; version 1 says −1 for processors and a number near 2**63 for memory."""
    kernel = machine(
        tmp_path,
        proc__meminfo=MEMINFO,
        proc__self__cgroup="4:memory:/\n1:cpu:/\n0::/\n",
        **{
            "cgroup__cpu-max": "max 100000\n",
            "cgroup__cpu__cpu-cfs_quota_us": "-1\n",
            "cgroup__cpu__cpu-cfs_period_us": "100000\n",
            "cgroup__memory__memory-limit_in_bytes": "9223372036854771712\n",
        },
    )
    assert kernel.processors() is None
    assert kernel.memory() == (8 * GIB, 4 * GIB)


def test_inside_a_container_the_group_named_may_not_be_mounted(tmp_path: Path) -> None:
    """Docker on version 1 names the host's path, while the container's own group is the root of the mount."""
    kernel = machine(tmp_path, proc__self__cgroup="0::/docker/0123abc\n", **{"cgroup__cpu-max": "200000 100000\n"})
    assert kernel.processors() == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("files", "allowed"),
    [
        ({"proc__sys__user__max_user_namespaces": "1000\n"}, True),
        ({"proc__sys__user__max_user_namespaces": "0\n"}, False),
        ({"proc__sys__user__max_user_namespaces": "9\n", "proc__sys__kernel__unprivileged_userns_clone": "0\n"}, False),
        ({"proc__sys__user__max_user_namespaces": "9\n", "proc__sys__kernel__unprivileged_userns_clone": "1\n"}, True),
        (
            {"proc__sys__user__max_user_namespaces": "9\n", "proc__sys__kernel__apparmor_restrict_unprivileged_userns": "1\n"},
            False,
        ),
    ],
)
def test_user_namespaces_need_a_kernel_and_a_distribution_that_allow_them(
    tmp_path: Path, files: dict[str, str], allowed: bool
) -> None:
    assert machine(tmp_path, **files).user_namespaces() is allowed


def test_seccomp_needs_the_action_that_refuses_a_call(tmp_path: Path) -> None:
    assert machine(tmp_path, proc__sys__kernel__seccomp__actions_avail="kill_process errno allow\n").seccomp_filters()


def test_this_machine_can_be_asked() -> None:
    """Nothing is known of it but that it runs this test."""
    abi = landlock_abi()
    assert abi is None or abi >= 1
    assert granted_processors() >= 1
    memory = Kernel().memory()
    assert memory is None or 0 < memory[1] <= memory[0]
