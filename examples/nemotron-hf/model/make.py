"""Makes a tiny model in the form of a Hugging Face repository: `python model/make.py FOLDER`, or with `--hub FOLDER` below
the repository's name.

A Llama that knows one sentence. Its weights come from a seeded generator and this file alone, so that they are the same
bytes, with the same SHA-256, on every machine.
"""

import json
import struct
import sys
from pathlib import Path

REPOSITORY = "nvidia/Nemotron-3-Nano-30B-A3B"
SENTENCE = "the image holds its weights and every layer stands alone in a small place .".split()
VOCABULARY = ["<unk>", "<s>", "</s>", *SENTENCE, "model", "server", "my", "one"]
HIDDEN, HEADS, GROUPS, INNER, LAYERS = 32, 4, 2, 48, 2


class Random:
    """Numbers from -1 to 1: a linear congruential generator with Knuth's constants (MMIX)."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def matrix(self, rows: int, columns: int, scale: float) -> list[list[float]]:
        """Rows of numbers from -scale to scale."""
        return [[self._next() * scale for _ in range(columns)] for _ in range(rows)]

    def _next(self) -> float:
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) / 2**30 - 1


def tensors() -> dict[str, list[list[float]]]:
    """Every weight. A word is likely after the word before it in the sentence; attention and the rest only add noise."""
    random = Random(8091)
    embedding = random.matrix(len(VOCABULARY), HIDDEN, 1.0)
    head = [[0.0] * HIDDEN for _ in VOCABULARY]
    for word, successor in zip(SENTENCE, [*SENTENCE[1:], "</s>"]):
        head[VOCABULARY.index(successor)] = embedding[VOCABULARY.index(word)]
    made = {"model.embed_tokens.weight": embedding, "lm_head.weight": head, "model.norm.weight": [[1.0] * HIDDEN]}
    width = HIDDEN // HEADS
    for number in range(LAYERS):
        prefix = f"model.layers.{number}."
        made[f"{prefix}input_layernorm.weight"] = [[1.0] * HIDDEN]
        made[f"{prefix}post_attention_layernorm.weight"] = [[1.0] * HIDDEN]
        shapes = {
            "self_attn.q_proj": (HIDDEN, HIDDEN),
            "self_attn.k_proj": (GROUPS * width, HIDDEN),
            "self_attn.v_proj": (GROUPS * width, HIDDEN),
            "self_attn.o_proj": (HIDDEN, HIDDEN),
            "mlp.gate_proj": (INNER, HIDDEN),
            "mlp.up_proj": (INNER, HIDDEN),
            "mlp.down_proj": (HIDDEN, INNER),
        }
        for name, (rows, columns) in shapes.items():
            made[f"{prefix}{name}.weight"] = random.matrix(rows, columns, 0.1)
    return made


def safetensors(weights: dict[str, list[list[float]]]) -> bytes:
    """The format of the file: the length of a JSON header, the header, the values."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    values = b""
    for name, rows in sorted(weights.items()):
        flat = [value for row in rows for value in row]
        shape = [HIDDEN] if name.endswith("norm.weight") else [len(rows), len(rows[0])]
        end = len(values) + 4 * len(flat)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(values), end]}
        values += struct.pack(f"<{len(flat)}f", *flat)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + values


def config() -> dict:
    """What Transformers reads first."""
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "bos_token_id": 1,
        "eos_token_id": 2,
        "head_dim": HIDDEN // HEADS,
        "hidden_act": "silu",
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "max_position_embeddings": 256,
        "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS,
        "num_key_value_heads": GROUPS,
        "rms_norm_eps": 1e-05,
        "rope_theta": 10000.0,
        "tie_word_embeddings": False,
        "torch_dtype": "float32",
        "vocab_size": len(VOCABULARY),
    }


def tokenizer() -> dict:
    """A word is a token."""
    special = [
        {"id": number, "content": word, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for number, word in enumerate(VOCABULARY[:3])
    ]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {word: number for number, word in enumerate(VOCABULARY)},
            "unk_token": "<unk>",
        },
    }


def make(folder: Path) -> None:
    """Writes the files."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "clean_up_tokenization_spaces": False,
    }
    texts = {"config.json": config(), "tokenizer.json": tokenizer(), "tokenizer_config.json": tokenizer_config}
    for name, value in texts.items():
        (folder / name).write_text(json.dumps(value, indent=2) + "\n")
    (folder / "model.safetensors").write_bytes(safetensors(tensors()))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--hub", folder]:
            make(Path(folder, REPOSITORY))
            Path(folder, REPOSITORY, "README.md").write_text("---\nlicense: apache-2.0\n---\n")
        case [folder]:
            make(Path(folder))
        case _:
            sys.exit("usage: python model/make.py [--hub] FOLDER")
