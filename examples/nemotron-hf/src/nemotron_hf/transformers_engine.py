"""The model in Hugging Face Transformers."""

from collections.abc import Iterator
from threading import Thread

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    StoppingCriteria,
    TextIteratorStreamer,
    set_seed,
)

from .engine import Piece, Sampling
from .settings import Settings


def quantization_config(quantization: str) -> BitsAndBytesConfig | None:
    """What bitsandbytes does on load: 8-bit integers, or 4-bit NormalFloat with the scales quantized too."""
    match quantization:
        case "8bit":
            return BitsAndBytesConfig(load_in_8bit=True)
        case "4bit":
            return BitsAndBytesConfig(
                load_in_4bit=True,
                bnb_4bit_quant_type="nf4",
                bnb_4bit_use_double_quant=True,
                bnb_4bit_compute_dtype=torch.bfloat16,
            )
        case _:
            return None


class TransformersEngine:
    """A causal language model on whatever devices there are."""

    def __init__(self, settings: Settings) -> None:
        self.quantization = settings.quantization
        self.attention = settings.attention
        self._tokenizer = AutoTokenizer.from_pretrained(settings.model_path)
        self._model = AutoModelForCausalLM.from_pretrained(
            settings.model_path,
            quantization_config=quantization_config(settings.quantization),
            attn_implementation=settings.attention,
            dtype="auto",
            device_map="auto",
        )
        self.device = str(self._model.device)

    def count(self, prompt: str) -> int:
        return len(self._tokenizer(prompt).input_ids)

    def generate(self, prompt: str, sampling: Sampling) -> Iterator[Piece]:
        inputs = self._tokenizer(prompt, return_tensors="pt", return_token_type_ids=False).to(self._model.device)
        ends = self._model.generation_config.eos_token_id
        streamer = _Counting(self._tokenizer, ends if isinstance(ends, list) else [ends])
        options = {"max_new_tokens": sampling.max_tokens, "do_sample": False, "streamer": streamer}
        if sampling.temperature > 0:
            set_seed(sampling.seed)
            options |= {"do_sample": True, "temperature": sampling.temperature}
        worker = Thread(target=self._run, args=(inputs, options, streamer), daemon=True)
        worker.start()
        reported = 0
        try:
            for text in streamer:
                yield Piece(text, streamer.tokens - reported)
                reported = streamer.tokens
        finally:
            # Whoever reads may have enough before the model does.
            streamer.enough = True
            worker.join()
        if streamer.error:
            raise streamer.error
        yield Piece("", streamer.tokens - reported, "stop" if streamer.ended else "length")

    def _run(self, inputs, options, streamer: "_Counting") -> None:
        try:
            with torch.inference_mode():
                self._model.generate(**inputs, **options, stopping_criteria=[_Enough(streamer)])
        except Exception as error:  # the reader raises it
            streamer.error = error
            streamer.end()


class _Counting(TextIteratorStreamer):
    """Text as it comes, how many tokens it was, and whether the model ended it."""

    def __init__(self, tokenizer, ends: list[int | None]) -> None:
        super().__init__(tokenizer, skip_prompt=True, skip_special_tokens=True)
        self.tokens, self.ended, self.enough = 0, False, False
        self.error: Exception | None = None
        self._ends, self._prompt_seen = ends, False

    def put(self, value) -> None:
        if self._prompt_seen:
            ended = int(value.flatten()[-1]) in self._ends
            self.tokens += value.numel() - ended
            self.ended |= ended
        self._prompt_seen = True
        super().put(value)


class _Enough(StoppingCriteria):
    """Stops the model when nobody reads any more."""

    def __init__(self, streamer: _Counting) -> None:
        self._streamer = streamer

    def __call__(self, input_ids, scores, **_):
        return torch.full((input_ids.shape[0],), self._streamer.enough, device=input_ids.device)
