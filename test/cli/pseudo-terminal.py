"""Runs a program on a pseudo-terminal. Standard input: {"argv", "cwd", "steps": [[text to wait for, keys to type]]}.

Standard output: {"code", "screen"}.
"""
import json, os, pty, select, sys, time

asked = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(asked["cwd"])
    os.environ.update(TERM="xterm", NO_COLOR="1", LANG="fr_FR.UTF-8")
    os.environ.pop("LC_ALL", None)
    os.execv(asked["argv"][0], asked["argv"])

screen = b""


def read(seconds):
    """Reads what is there; False once the program has ended."""
    global screen
    if not select.select([terminal], [], [], seconds)[0]:
        return True
    try:
        data = os.read(terminal, 65536)
    except OSError:
        return False
    screen += data
    return data != b""


seen = 0
for text, keys in asked["steps"]:
    end = time.time() + 60
    while (at := screen.find(text.encode(), seen)) == -1 and time.time() < end:
        if not read(1):
            break
    seen = len(screen) if at == -1 else at + len(text.encode())
    os.write(terminal, keys.encode())
while read(60):
    pass
_, status = os.waitpid(pid, 0)
json.dump({"code": os.waitstatus_to_exitcode(status), "screen": screen.decode(errors="replace")}, sys.stdout)
