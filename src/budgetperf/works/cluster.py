"""Calls on the workers of a Dask cluster instead of this machine: each bounded there as it would be here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from budgetperf.errors import InputError
from budgetperf.works.pool import LIMITS, Limits, Stopped, call

SECONDS = 30  # to reach the scheduler


@contextmanager
def cluster(address: str) -> Iterator[tuple[Callable, int]]:
    """(a function that is called like `pool.call`, how many calls the cluster takes at once).

    A call whose machine dies is made again on another one. Raises InputError where there is no such scheduler.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise InputError("没有安装 Dask，不能用 --scheduler。请运行：pip install 'budgetperf[cluster]'。") from None
    try:
        client = Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"连不上 Dask 调度器 {address}（{error}）。没有写出任何文件。请检查地址。") from error

    def call_there(function: str, *arguments, limits: Limits = LIMITS, modules: tuple[str, ...] = (), step=None):
        task = client.submit(call, function, *arguments, limits=limits, modules=modules, pure=False)
        try:
            return task.result()
        except KilledWorker as error:
            raise Stopped("读取它的几台机器先后停止") from error

    with client:
        cores = sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())
        yield call_there, max(1, 2 * cores)  # one at work and one on its way, for each
