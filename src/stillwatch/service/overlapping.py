"""A member's side of private overlap: prepare a list, have it evaluated, publish what is confirmed, compare at home.

What leaves: blinded elements (to each holder, nothing of the list follows from them), and, only with a person's sign-off,
the tokens of a confirmed list. What comes back of a comparison is places in one's own list; it informs and never acts.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from stillwatch.errors import InputError, RemoteError, UnreadableInputError, UntrustedHubError, UsageError
from stillwatch.exchange.oprf import shares, voprf
from stillwatch.exchange.oprf.group import SIZE
from stillwatch.exchange.overlap import identifiers, tokens
from stillwatch.exchange.overlap.epoch import TOKEN_BYTES, Epoch, Holder, read_epoch
from stillwatch.exchange.overlap.holders import HolderClient, Reach
from stillwatch.signatures.buckets import at_hour
from stillwatch.signatures.signature import EXTENSION_ID, Template
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.overlap import OverlapStore, Waiting


class Entry(NamedTuple):
    """One record of a list: its line or object number, its type, and the texts that are put through the function."""

    number: int
    kind: str
    texts: tuple[str, ...]


class Listed(NamedTuple):
    """A list as read. `refused`: (line, why)."""

    entries: list[Entry]
    refused: list[tuple[int, str]]


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """`new`: evaluations still to be asked for; `known`: texts that were prepared before."""

    epoch: str
    purpose: str
    types: dict[str, int]
    new: int
    known: int
    refused: list[tuple[int, str]]


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """`evaluated`: texts that got a token now; `missing`: entries of the list that were never prepared;
    `complaints`: holders that were no use, and why."""

    epoch: str
    evaluated: int
    missing: int
    complaints: list[str]


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A record of our list that another lab published. `agreeing`: bands of 32 for a template, else 1."""

    line: int
    type: str
    agreeing: int


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """`theirs`: records that others published, fillings included; `missing`: entries not evaluated yet."""

    epoch: str
    compared: int
    missing: int
    theirs: int
    hits: list[Hit]
    refused: list[tuple[int, str]]


def prepare(folder: MemberFolder, store: OverlapStore, document: Path, listed: Path) -> Prepared:
    """Take an epoch's document into use and blind what is new of a list. Raises InputError, UsageError."""
    folder.card()
    try:
        epoch = read_epoch(_read(document))
    except ValueError as error:
        raise UnreadableInputError(
            str(error), where=str(document), hint="ask the forum for it again"
        ) from None
    _in_force(epoch)
    store.keep_epoch(epoch.id, msgspec.json.encode(epoch))
    held = read_list(listed, epoch)
    texts = list(dict.fromkeys(t for e in held.entries for t in e.texts))
    tags = [store.tag(epoch.id, t) for t in texts]
    new = store.unknown(epoch.id, tags)
    blinded = voprf.blind([epoch.value(texts[i]) for i in new])
    cut = (slice(SIZE * n, SIZE * (n + 1)) for n in range(len(new)))
    store.add(
        epoch.id,
        [(tags[i], blinded.blinds[s], blinded.elements[s]) for i, s in zip(new, cut, strict=True)],
    )
    types: dict[str, int] = {}
    for entry in held.entries:
        types[entry.kind] = types.get(entry.kind, 0) + 1
    return Prepared(
        epoch=epoch.id, purpose=epoch.purpose, types=dict(sorted(types.items())), new=len(new),
        known=len(texts) - len(new), refused=held.refused,
    )  # fmt: skip


def evaluate(
    folder: MemberFolder,
    store: OverlapStore,
    prefix: str,
    listed: Path,
    member: str,
    reach: Reach | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Have what was prepared evaluated by as many holders as the threshold; goes on where it was interrupted.

    Raises RemoteError when too few holders answer: what was answered is kept.
    """
    epoch = kept_epoch(store, prefix)
    entries = read_list(listed, epoch).entries
    values = {store.tag(epoch.id, t): t for e in entries for t in e.texts}
    complaints: list[str] = []
    done = 0
    with contextlib.ExitStack() as lines:
        clients = {
            i: lines.enter_context(_holder(holder, folder, member, reach))
            for i, holder in enumerate(epoch.holders, 1)
        }
        for waiting in store.waiting(epoch.id, values.keys()):
            answers = _asked(store, epoch, clients, waiting, complaints)
            elements, scale = shares.combine(answers)
            inputs = [epoch.value(values[tag]) for tag in waiting.tags]
            outputs = voprf.finalize(inputs, waiting.blinds, elements, scale)
            pairs = zip(waiting.tags, (tokens.token(o) for o in outputs), strict=True)
            store.finished(epoch.id, waiting.batch, pairs)
            done += len(inputs)
            said(f"evaluated {done:,}")
    missing = _records(store, epoch, entries)[1]
    return Evaluation(epoch=epoch.id, evaluated=done, missing=missing, complaints=complaints)


def _asked(
    store: OverlapStore,
    epoch: Epoch,
    clients: dict[int, HolderClient],
    waiting: Waiting,
    complaints: list[str],
) -> dict[int, bytes]:
    """Verified answers of exactly `threshold` holders; a holder that fails is passed over for the rest."""
    answers = dict(sorted(waiting.answers.items())[: epoch.threshold])
    failed: RemoteError | None = None
    for i in list(clients):
        if len(answers) == epoch.threshold:
            break
        if i in answers:
            continue
        public = shares.public_share(epoch.points(), i)
        try:
            answers[i] = clients[i].evaluate(epoch.id, public, waiting.elements)
        except RemoteError as error:
            if failed is None or isinstance(error, UntrustedHubError):
                failed = error
            complaints.append(str(error))
            del clients[i]
            continue
        store.answered(epoch.id, waiting, i, answers[i])
    if len(answers) < epoch.threshold:
        assert failed is not None
        raise type(failed)(
            f"{len(answers)} of {epoch.threshold} key holders answered; {failed.message}",
            where=failed.where, hint=f"what was answered is kept; {failed.hint}",
        )  # fmt: skip
    return answers


def publish(
    folder: MemberFolder,
    store: OverlapStore,
    prefix: str,
    listed: Path,
    member: str,
    *,
    by: str,
    legal_basis: str,
    reach: Reach | None = None,
) -> int:
    """Publish the tokens of a confirmed list in place of the last set; the records in it, filled up.

    Raises UsageError when an entry has no token yet, or nobody signs off; RemoteError, StorageError.
    """
    epoch = kept_epoch(store, prefix)
    _in_force(epoch)
    if not by.strip():
        raise UsageError("a publication needs the name of a person who agrees", hint="give --by NAME")
    held = read_list(listed, epoch)
    if held.refused:
        raise _refused(listed, held.refused)
    records, missing = _records(store, epoch, held.entries)
    if missing:
        raise UsageError(
            f"{missing} entries have no token yet", where=str(listed),
            hint="`stillwatch exchange overlap prepare` and `evaluate` this list first",
        )  # fmt: skip
    try:
        data = tokens.filled(list(records.values()), epoch, store.secret())
    except ValueError as error:
        raise UsageError(str(error), where=str(listed), hint="publish a shorter list") from None
    sha256 = hashlib.sha256(data).hexdigest()
    count = len(data) // (epoch.width * TOKEN_BYTES)
    statement = {
        "epoch": epoch.id, "member": folder.card().id, "records": count, "sha256": sha256,
        "at": at_hour(int(time.time() // 3600)),
    }  # fmt: skip
    with _holder(epoch.holders[0], folder, member, reach) as holder:
        store.sign_off(
            epoch.id, sha256, by.strip(), legal_basis, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        )
        holder.publish(epoch.id, statement, data)
    return count


def compare(
    folder: MemberFolder,
    store: OverlapStore,
    prefix: str,
    listed: Path,
    member: str,
    reach: Reach | None = None,
) -> Comparison:
    """Which records of a list other labs published. Only this side learns it. Raises InputError, RemoteError."""
    epoch = kept_epoch(store, prefix)
    held = read_list(listed, epoch)
    records, missing = _records(store, epoch, held.entries)
    with _holder(epoch.holders[0], folder, member, reach) as holder:
        theirs = holder.others(epoch.id)
    size = epoch.width * TOKEN_BYTES
    if len(theirs) % size:
        raise UntrustedHubError(
            "sent half a token set", where=epoch.holders[0].url, hint="compare again; nothing was concluded"
        )
    kinds = {e.number: e.kind for e in held.entries}
    found = tokens.found(records, theirs, epoch)
    return Comparison(
        epoch=epoch.id, compared=len(records), missing=missing, theirs=len(theirs) // size,
        hits=[Hit(line=n, type=kinds[n], agreeing=k) for n, k in sorted(found.items())], refused=held.refused,
    )  # fmt: skip


def _holder(
    holder: Holder, folder: MemberFolder, member: str, reach: Reach | None
) -> contextlib.closing[HolderClient]:
    return contextlib.closing(HolderClient(holder, member, folder.signing_key(), reach))


def kept_epoch(store: OverlapStore, prefix: str) -> Epoch:
    """The epoch that was prepared. Raises UsageError."""
    return read_epoch(store.epoch(prefix))


def read_list(path: Path, epoch: Epoch) -> Listed:
    """The records of a list: identifiers one a line, or the templates of signatures. Raises InputError."""
    data = _read(path)
    if epoch.purpose == "templates":
        return _templates(path, data)
    try:
        held = identifiers.read(data.decode("utf-8-sig"), epoch.purpose)
    except UnicodeDecodeError as error:
        raise UnreadableInputError(
            "is not UTF-8 text", where=str(path), hint="one TYPE:VALUE a line"
        ) from error
    entries = [Entry(n, text.partition(":")[0], (text,)) for n, text in held.lines]
    if not entries and held.refused:
        raise _refused(path, held.refused)
    return Listed(entries, held.refused)


def _templates(path: Path, data: bytes) -> Listed:
    """The sketches of the indicators of a bundle, of one object, or of a draft."""
    try:
        held = msgspec.json.decode(data)
        held = held.get("object", held)
        objects: Sequence[Any] = held.get("objects", [held])
    except (msgspec.DecodeError, UnicodeDecodeError, AttributeError) as error:
        raise UnreadableInputError(
            "is no bundle of signatures", where=str(path), hint="give what `exchange publish` wrote"
        ) from error
    entries, refused = list[Entry](), list[tuple[int, str]]()
    for number, item in enumerate(objects, 1):
        if not isinstance(item, dict) or item.get("type") != "indicator":
            continue
        try:
            said = item["extensions"][EXTENSION_ID].get("template")
            if said is None:
                continue  # a signature may do without one
            found = msgspec.convert(said, Template)
        except (KeyError, TypeError, AttributeError, msgspec.ValidationError):
            refused.append((number, "has no template sketch of this version"))
            continue
        texts = tuple(f"band:{found.scheme}:{found.epoch}:{i}:{b}" for i, b in enumerate(found.bands))
        entries.append(Entry(number, "template", texts))
    return Listed(entries, refused)


def _records(store: OverlapStore, epoch: Epoch, entries: Sequence[Entry]) -> tuple[dict[int, bytes], int]:
    """(record by number, entries without tokens)."""
    held = store.tokens(epoch.id)
    out, missing = {}, 0
    for entry in entries:
        found = [held.get(store.tag(epoch.id, t)) for t in entry.texts]
        if any(t is None for t in found):
            missing += 1
        else:
            out[entry.number] = b"".join(t for t in found if t is not None)
    return out, missing


def _in_force(epoch: Epoch) -> None:
    if epoch.over(int(time.time() // 3600)):
        raise UsageError(
            f"this epoch is from {epoch.begins} to {epoch.ends}", where=epoch.id[:12],
            hint="get the document of the epoch in force",
        )  # fmt: skip


def _refused(path: Path, refused: Sequence[tuple[int, str]]) -> InputError:
    number, why = refused[0]
    return InputError(
        f"{len(refused)} entries are refused; the first: {why}",
        where=f"{path}:{number}",
        hint="correct the list",
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", where=str(path), hint="check the path"
        ) from error
