"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from threadpoolctl import threadpool_info

PACKAGES = ("numpy", "numba", "torch", "jax", "jaxlib", "loss-landscapes", "scipy", "uvicorn")
SETS = {"avx512f": "AVX-512", "avx2": "AVX2", "asimd": "NEON"}

AVX2 = {
    "NUMBA_CPU_NAME": "x86-64-v3",
    "NUMBA_CPU_FEATURES": "",
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "ATEN_CPU_CAPABILITY": "avx2",
    "DNNL_MAX_CPU_ISA": "AVX2",
    "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
}
"""The environment in which all contestants, and the libraries below them, keep to AVX2."""


def keeps_to_avx2() -> bool:
    """Whether that is the environment."""
    return all(os.environ.get(name) == value for name, value in AVX2.items())


def described() -> dict[str, str]:
    """The processor, its instruction set, versions, and what of the environment changes speed."""
    flags, model = _processor()
    best = next((name for flag, name in SETS.items() if flag in flags), "unknown")
    if keeps_to_avx2() and best != "AVX2":
        best = f"AVX2 ({best} is there, and left unused by all)"
    blas = {
        f"{each.get('internal_api')} {each.get('architecture', '')}".strip() for each in threadpool_info()
    }
    return {
        "commit": _commit(),
        "processor": f"{model}, {len(os.sched_getaffinity(0))} cores",
        "instruction set": best,
        "linear algebra": ", ".join(sorted(blas)),
        "OPENBLAS_CORETYPE": os.environ.get("OPENBLAS_CORETYPE", "not set"),
        "system": f"{platform.system()} {platform.release()}",
        "versions": ", ".join([f"Python {platform.python_version()}", *map(_version, PACKAGES)]),
    }


def load() -> float:
    """How many processes wanted a processor during the last minute."""
    return os.getloadavg()[0]


def _processor() -> tuple[set[str], str]:
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists():
        return set(), platform.processor() or platform.machine()
    lines = [line.partition(":") for line in cpuinfo.read_text().splitlines()]
    facts = {name.strip().lower(): value.strip() for name, _, value in lines}
    return set((facts.get("flags") or facts.get("features") or "").split()), facts.get(
        "model name", platform.machine()
    )


def _commit() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
    )
    return said.stdout.strip() or "unknown"


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"no {name}"
