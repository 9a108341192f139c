"""Documents and builds that lie elsewhere: in an object store, on a server, wherever fsspec reaches (s3://, memory://)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from budgetperf.errors import InputError


def is_elsewhere(place: str | Path) -> bool:
    """Whether a place is an address (`s3://bucket/folder`) rather than a path.

    >>> is_elsewhere("s3://budgets/2024"), is_elsewhere(Path("data/raw"))
    (True, False)
    """
    return "://" in str(place)


@contextmanager
def brought_here(places: Iterable[str | Path], names: Iterable[str] = ()) -> Iterator[list[Path]]:
    """The places as local paths: what lies elsewhere is copied into a folder that lasts as long as the block; `names`: of
    a folder only these files.

    Raises InputError where there is nothing at an address, or it cannot be reached.
    """
    places, names = list(places), set(names)
    with TemporaryDirectory(prefix="budgetperf-") as folder:
        here = [Path(folder) / str(number) for number in range(len(places))]
        pairs = zip(places, here, strict=True)
        yield [_fetched(str(place), to, names) if is_elsewhere(place) else Path(place) for place, to in pairs]


@contextmanager
def sent_there(place: str | Path, last: str, hidden: str) -> Iterator[Path]:
    """A local folder for what shall lie at `place`: at the end of the block its files are put there, `last` at the end,
    so that where it stands the others are whole. What lies there under `hidden` is brought here first.

    Nobody else is kept from writing there meanwhile: an object store knows no locks.
    """
    if not is_elsewhere(place):
        yield Path(place)
        return
    store, root = reached(str(place))
    with TemporaryDirectory(prefix="budgetperf-") as name:
        folder = Path(name)
        with said(place):
            old = [path for path in store.find(root) if PurePosixPath(path).parent == PurePosixPath(root)]
            known = {path: _get(store, path, root, folder) for path in store.find(f"{root}/{hidden}")}
        yield folder
        files = {f"{root}/{file.relative_to(folder).as_posix()}": file for file in folder.rglob("*") if file.is_file()}
        if f"{root}/{last}" not in files:  # nothing was built
            return
        with said(place):
            if f"{root}/{last}" in old:
                store.rm_file(f"{root}/{last}")
            for path in sorted(files, key=lambda path: (path == f"{root}/{last}", path)):
                if known.get(path) != files[path].stat().st_mtime_ns:
                    store.pipe_file(path, files[path].read_bytes())
            for path in {*known, *old} - files.keys() - {f"{root}/{last}"}:
                store.rm_file(path)


def _fetched(place: str, folder: Path, names: set[str]) -> Path:
    store, root = reached(place)
    with said(place):
        found = store.find(root, maxdepth=1 if names else None)
        files = [path for path in found if not names or PurePosixPath(path).name in names]
        for path in files:
            _get(store, path, root if files != [root] else str(PurePosixPath(root).parent), folder)
    if not files:
        raise InputError(f"{place} 那里没有文件。没有写出任何文件。请检查地址。")
    return folder if files != [root] else folder / PurePosixPath(root).name


def _get(store, path: str, root: str, folder: Path) -> int:
    """Copy a file to where it stands below the folder; its time of change there."""
    inner = PurePosixPath(path).relative_to(root)
    if ".." in inner.parts:
        raise InputError(f"{path} 的名字会写到文件夹之外。没有写出任何文件。请改名后重试。")
    to = folder / inner
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(store.cat_file(path))
    return to.stat().st_mtime_ns


def reached(place: str):
    """The file system of an address, and the path in it."""
    try:
        from fsspec.core import url_to_fs

        store, root = url_to_fs(place, use_listings_cache=False)
    except ImportError as error:
        raise InputError(
            f"读写 {place} 需要另装的包（{error}）。没有写出任何文件。请运行：pip install 'budgetperf[remote]'。"
        ) from error
    except ValueError as error:
        raise InputError(f"不认识的地址 {place}（{error}）。没有写出任何文件。请检查地址。") from error
    except Exception as error:  # a store's own errors, as for credentials
        raise InputError(f"打不开 {place}（{error}）。没有写出任何文件。请检查地址和访问凭据。") from error
    return store, root.rstrip("/")


@contextmanager
def said(place: str | Path) -> Iterator[None]:
    """Inside, what a store cannot do is an InputError with a way out."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # the package of each store has errors of its own, as for credentials that are missing
        reason = str(error) or type(error).__name__
        raise InputError(f"读写不了 {place}（{reason}）。请检查地址、访问凭据、权限和网络后重试。") from error
