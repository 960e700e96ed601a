"""Start a program as somebody who may run Postgres; run by path as a script, so it imports nothing of ours.

Usage: launch.py IDENTITY attached|detached PROGRAM ARGUMENT...
       launch.py IDENTITY probe PROGRAM FOLDER

IDENTITY is `self`, `namespace:UID:GID` (be UID inside a user namespace; outside of it nothing changes) or
`user:UID:GID` (become that user). Exit code REFUSED: this identity is not to be had, or cannot reach what it needs.
"""

import os
import sys

REFUSED = 97


def assume(identity: str) -> None:
    """Become who `identity` names.

    Raises: OSError, AttributeError where the system has no user namespaces.
    """
    kind, _, rest = identity.partition(":")
    if kind == "self":
        return
    uid, gid = (int(part) for part in rest.split(":"))
    if kind == "user":
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        return
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    os.unshare(os.CLONE_NEWUSER)
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {outer_uid} 1"),
        ("gid_map", f"{gid} {outer_gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123  pathlib doubles the start-up time
            file.write(line)


def main(identity: str, how: str, program: str, *arguments: str) -> None:
    """Assume the identity, then become the program, or for `probe` look whether that would work."""
    try:
        assume(identity)
    except (OSError, AttributeError) as refusal:
        sys.stderr.write(f"{identity}: {refusal}\n")
        sys.exit(REFUSED)
    if how == "probe":
        reachable = os.access(program, os.X_OK) and all(os.access(f, os.W_OK | os.X_OK) for f in arguments)
        sys.exit(0 if reachable else REFUSED)
    if how == "detached":  # an orphan in a session of its own: a Ctrl-C meant for us does not reach it
        if os.fork():
            sys.exit(0)
        os.setsid()
    os.execv(program, (program, *arguments))


if __name__ == "__main__":
    main(*sys.argv[1:])
