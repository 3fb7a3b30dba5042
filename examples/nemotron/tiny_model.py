"""Writes a tiny llama: the real vocabulary of a GGUF file, and two small layers of seeded random numbers.

    pip install gguf==0.19.0 && python tiny_model.py VOCABULARY.gguf OUT.gguf

It answers with nonsense, in milliseconds, through the same code as a model that knows something. The vocabularies that
llama.cpp's sources carry (`models/ggml-vocab-llama-spm.gguf`) will do. The same arguments give the same bytes.
"""

import sys

import gguf
import numpy

EMBEDDING, HEADS, FORWARD, BLOCKS, CONTEXT = 64, 4, 128, 2, 256


def main(vocabulary: str, out: str) -> None:
    source = gguf.GGUFReader(vocabulary)
    writer = gguf.GGUFWriter(out, "llama")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(EMBEDDING)
    writer.add_feed_forward_length(FORWARD)
    writer.add_block_count(BLOCKS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(EMBEDDING // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    words = copy_vocabulary(source, writer)
    random = numpy.random.default_rng(1)

    def matrix(name: str, rows: int, columns: int) -> None:
        values = random.standard_normal((rows, columns), dtype=numpy.float32)
        writer.add_tensor(f"{name}.weight", (values / columns**0.5).astype(numpy.float16))

    def ones(name: str) -> None:
        writer.add_tensor(f"{name}.weight", numpy.ones(EMBEDDING, dtype=numpy.float32))

    matrix("token_embd", words, EMBEDDING)
    for block in range(BLOCKS):
        ones(f"blk.{block}.attn_norm")
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            matrix(f"blk.{block}.{name}", EMBEDDING, EMBEDDING)
        ones(f"blk.{block}.ffn_norm")
        matrix(f"blk.{block}.ffn_gate", FORWARD, EMBEDDING)
        matrix(f"blk.{block}.ffn_up", FORWARD, EMBEDDING)
        matrix(f"blk.{block}.ffn_down", EMBEDDING, FORWARD)
    ones("output_norm")
    matrix("output", words, EMBEDDING)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def copy_vocabulary(source: gguf.GGUFReader, writer: gguf.GGUFWriter) -> int:
    """Copies every field of the tokenizer: the number of its words."""
    words = 0
    for field in source.fields.values():
        if not field.name.startswith("tokenizer."):
            continue
        value = field.contents()
        if field.name == "tokenizer.ggml.tokens":
            words = len(value)
        kind, inner = field.types[0], field.types[-1] if len(field.types) > 1 else None
        writer.add_key_value(field.name, value, kind, inner)
    writer.add_vocab_size(words)
    return words


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
