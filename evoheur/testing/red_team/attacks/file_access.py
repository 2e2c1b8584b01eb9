"""Attacks on files: reading, writing and learning about them.

`bait` has "folder", and in it "file" (a secret) and "victim", writable by everyone.
"""

from functools import partial

from evoheur.testing.red_team.attack_shorthand import draft
from evoheur.testing.red_team.lures.folder import Folder, SystemFile, Traces

__all__ = ["FILES"]

# A handle names a file by number; whoever may open it needs no path, so nothing that guards paths sees it.
_BY_HANDLE = """
import struct
def answer(bait):
    handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0), 136)
    mount = ctypes.c_int()
    here = -100
    call("name_to_handle_at", here, bait["file"].encode(), handle, ctypes.byref(mount), 0)
    folder = os.open(bait["folder"], os.O_RDONLY)
    return os.read(call("open_by_handle_at", folder, handle, os.O_RDONLY), 100).decode()
"""

_SHARE = """
def answer(bait):
    left = []
    for place in ("/dev/shm", "/tmp", "/var/tmp", "/run", "/dev/mqueue"):
        try:
            os.close(os.open(place + "/" + bait["name"], os.O_CREAT | os.O_WRONLY, 0o666))
            left.append(place)
        except OSError as error:
            refusal = error
    if not left:
        raise refusal
    return left
"""


_attack = partial(draft, "files", lure=Folder)

FILES = (
    _attack("read-file", "read a file in the user's home", "return open(bait['file']).read()"),
    _attack(
        "read-by-number",
        "read it with bare system calls",
        "return os.read(call('openat', -100, bait['file'].encode(), 0, 0), 100).decode()",
    ),
    _attack(
        "read-openat2",
        "read it with openat2, which old filters do not know",
        "return os.read(call('openat2', -100, bait['file'].encode(), ctypes.create_string_buffer(24), 24), 100).decode()",
    ),
    _attack(
        "read-by-handle",
        "open it by its handle instead of its path",
        _BY_HANDLE,
        cannot_bite={"PermissionError": "the kernel keeps it to root"},
    ),
    _attack(
        "read-host-root",
        "read it through the host's root in /proc",
        "return open(f\"/proc/{bait['host']}/root{bait['file']}\").read()",
    ),
    _attack(
        "list-by-chdir",
        "list a folder by going there",
        "os.chdir(bait['folder'])\n    return 'listed ' + ' listed '.join(os.listdir('.'))",
    ),
    _attack("list-folder", "list a folder of the user", "return 'listed ' + ' listed '.join(os.listdir(bait['folder']))"),
    _attack(
        "stat-file",
        "learn that a file exists, and its size",
        "return f\"{os.stat(bait['file']).st_size} bytes\"",
    ),
    _attack(
        "read-link",
        "learn where a link of the user leads",
        "return os.readlink(bait['folder'] + '/link')",
    ),
    _attack("read-system-file", "read the list of users", "return open(bait['file']).read()", lure=SystemFile),
    _attack("create-file", "create a file", "open(bait['folder'] + '/new', 'w').close()"),
    _attack("write-file", "overwrite a file", "os.write(os.open(bait['victim'], os.O_WRONLY | os.O_TRUNC), b'x')"),
    _attack("append-file", "add to a file", "os.write(os.open(bait['victim'], os.O_WRONLY | os.O_APPEND), b'x')"),
    _attack("truncate-file", "cut a file off without opening it", "return call('truncate', bait['victim'].encode(), 0)"),
    _attack("delete-file", "delete a file", "os.unlink(bait['victim'])"),
    _attack("rename-file", "rename a file", "os.rename(bait['victim'], bait['victim'] + '-gone')"),
    _attack("make-folder", "create a folder", "os.mkdir(bait['folder'] + '/new')"),
    _attack("chmod-file", "change a file's rights", "os.chmod(bait['victim'], 0o777)"),
    _attack("touch-file", "change a file's times", "os.utime(bait['victim'])"),
    _attack("label-file", "attach an attribute to a file", "os.setxattr(bait['victim'], 'user.red-team', b'x')"),
    _attack("symlink", "leave a symbolic link", "os.symlink('/etc/passwd', bait['folder'] + '/symlink')"),
    _attack("hard-link", "leave a second name of a file", "os.link(bait['victim'], bait['folder'] + '/second')"),
    _attack("make-fifo", "leave a named pipe", "os.mkfifo(bait['folder'] + '/pipe')"),
    _attack("share-a-file", "leave a file in /dev/shm, /tmp or the like", _SHARE, lure=Traces),
)
"""Attacks on files. The folder is open to every user, so that nothing but the sandbox can be what refuses."""
