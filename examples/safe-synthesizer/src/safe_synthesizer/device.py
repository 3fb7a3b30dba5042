"""Where a run happens."""

from safe_synthesizer.failure import MissingExtra, NoDevice


def choose(wanted: str) -> str:
    """The name of the device for `auto`, `cpu` or `cuda`."""
    if wanted == "cpu":
        return "cpu"
    gpus = names()
    if gpus:
        return gpus[0]
    if wanted == "cuda":
        raise NoDevice("the configuration asks for `device: cuda` and no GPU is visible (docker run --gpus all)")
    return "cpu"


def names() -> list[str]:
    """The GPUs that the NVIDIA driver shows to this process."""
    try:
        import pynvml
    except ImportError:
        return []
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return []
    try:
        handles = map(pynvml.nvmlDeviceGetHandleByIndex, range(pynvml.nvmlDeviceGetCount()))
        return [pynvml.nvmlDeviceGetName(handle) for handle in handles]
    finally:
        pynvml.nvmlShutdown()


def require(module: str, *extras: str) -> None:
    """Fails when the package was installed without any of the extras that bring a module."""
    try:
        __import__(module)
    except ImportError as error:
        choices = " or ".join(f"safe-synthesizer[{extra}]" for extra in extras)
        raise MissingExtra(f"`{module}` is not installed: install {choices}") from error
