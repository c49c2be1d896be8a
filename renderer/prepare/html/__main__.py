"""The child that draws HTML5 creatives: ``python -m renderer.prepare.html``, an order on stdin, messages on stdout."""

from __future__ import annotations

import errno
import resource

import msgspec

from config import Code, OohError
from renderer.prepare._box import die_with_parent
from renderer.prepare._give_way import give_way
from renderer.prepare.html._child import Work, limit_files, work_for
from renderer.prepare.html._launch import cut_network
from renderer.prepare.html._order import Done, HtmlOrder, read_message, write_message


def main() -> None:
    """Take one order, carry it out, answer, end."""
    order = msgspec.msgpack.decode(read_message(0), type=HtmlOrder)
    cut = cut_network()
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    give_way()
    limit_files(order.plate.max_plate_bytes)
    work = work_for(order, network=order.gather)
    code, detail = _outcome(work)
    isolation = f"{work.isolation}; {'network cut' if cut else 'network closed by its settings only'}"
    done = Done(code, detail, isolation, work.peak_mb, work.frames, work.drawn_ms, work.missing[:20])
    write_message(1, done)


def _outcome(work: Work) -> tuple[str, str]:
    try:
        work.run()
    except OohError as error:
        return error.code.code, error.detail
    except MemoryError:
        return Code.PREPARE_MEMORY.code, "the child that draws it has no more"
    except OSError as error:
        if error.errno == errno.EFBIG:
            return Code.CREATIVE_TOO_LARGE.code, "its plate is over the limit"
        return Code.PREPARE_STORAGE.code, str(error)
    return "", ""


if __name__ == "__main__":
    main()
