"""What the measurement needs: the load generators, nginx, and the release binaries."""

import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARIES = os.path.join(ROOT, ".build", "release")

# Each tool with the Debian package that carries it.
TOOLS = {"wrk": "wrk", "nginx": "nginx-light", "h2load": "nghttp2-client", "taskset": "util-linux"}


class Missing(Exception):
    """Something is not there and could not be made."""


def find(tool):
    """The path of `tool`, also in the folders that only an administrator has in PATH; None if it is missing."""
    return shutil.which(tool, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def install_missing(tools=TOOLS):
    """Installs the Debian packages of the tools that are not there."""
    packages = sorted({package for tool, package in tools.items() if not find(tool)})
    if not packages:
        return
    print(f"installing {', '.join(packages)}", file=sys.stderr)
    become_root = [] if os.geteuid() == 0 else ["sudo"]
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        try:
            subprocess.run(
                [*become_root, "apt-get", "-qq", *step], check=True, env=environment, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Missing(f"cannot install {', '.join(packages)} ({error}); install them and run this again")
    if "nginx-light" in packages:
        stop_packaged_nginx(become_root)


def stop_packaged_nginx(become_root):
    """The package starts a server on port 80 that nobody asked for; the measurement runs its own."""
    has_systemd = os.path.isdir("/run/systemd/system")
    command = ["systemctl", "disable", "--now", "nginx"] if has_systemd else ["service", "nginx", "stop"]
    subprocess.run([*become_root, *command], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def build():
    for product in ("tollgate", "mock-upstream", "stream-load"):
        print(f"building {product}", file=sys.stderr)
        command = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", product]
        try:
            built = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        except OSError as error:
            raise Missing(f"cannot run swift ({error})")
        if built.returncode != 0:
            raise Missing(f"{' '.join(command)} failed:\n{built.stdout}")


def binary(name):
    """The release binary `name`."""
    path = os.path.join(BINARIES, name)
    if not os.access(path, os.X_OK):
        raise Missing(f"there is no {path}; run without --no-build")
    return path
