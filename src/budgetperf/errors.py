"""What went wrong, where, and how to put it right."""


class Unreadable(Exception):
    """One document cannot be read. `what` says what is wrong and where, `fix` what the user can do; both in Chinese.

    >>> str(Unreadable("文件是空的（0 字节）", "请重新下载或向发布单位索取原件"))
    '文件是空的（0 字节）。请重新下载或向发布单位索取原件。'
    """

    def __init__(self, what: str, fix: str):
        super().__init__(what, fix)
        self.what, self.fix = what, fix

    def __str__(self) -> str:
        return f"{self.what}。{self.fix}。"


class InputError(Exception):
    """The call itself is wrong (no such file, nothing to read, an unusable folder): nothing was written."""
