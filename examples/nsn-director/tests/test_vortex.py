"""The sidecar with the models of `models/`: `python -m unittest discover tests`, where its requirements are installed."""

import io
import json
import struct
import subprocess
import sys
import tempfile
import unittest
import wave
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from vortex.director import Director, InvalidRequest  # noqa: E402
from vortex.protocol import answer, serve  # noqa: E402
from vortex.weights import read_onnx, read_torch  # noqa: E402

VOICES = ["af_bella", "am_adam", "bf_emma"]


def request(**changes: object) -> dict:
    return {"prompt": "a red fox", "seed": 1, "frames": 2, "voice": ""} | changes


class Vortex(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.models = Path(folder.name)
        subprocess.run([sys.executable, ROOT / "models/make.py", cls.models], check=True)
        cls.director = Director.load(cls.models)

    def test_the_same_request_gives_the_same_scene(self) -> None:
        scene = self.director.scene("a red fox", 1, 2, "")
        self.assertEqual(scene, self.director.scene("a red fox", 1, 2, "af_bella"))
        self.assertNotEqual(scene.frames[0], scene.frames[1])
        self.assertNotEqual(scene.frames[0], self.director.scene("a red fox", 2, 1, "").frames[0])
        self.assertTrue(-1 <= scene.score_b32 <= 1 and -1 <= scene.score_l14 <= 1)

    def test_frames_are_pictures_and_speech_can_be_played(self) -> None:
        scene = self.director.scene("a red fox", 1, 1, "am_adam")
        self.assertTrue(scene.frames[0].startswith(b"\x89PNG\r\n\x1a\n"))
        self.assertEqual(struct.unpack(">II", scene.frames[0][16:24]), (64, 64))
        with wave.open(io.BytesIO(scene.speech)) as speech:
            self.assertEqual((speech.getframerate(), speech.getnframes()), (16_000, 9 * 640))

    def test_a_voice_that_is_not_there_is_told(self) -> None:
        with self.assertRaisesRegex(InvalidRequest, "no voice is called `x`: there are af_bella, am_adam, bf_emma"):
            self.director.scene("a red fox", 1, 1, "x")
        self.assertIn("invalid", answer(self.director, request(voice="x")))

    def test_a_failure_is_an_answer_too(self) -> None:
        with self.assertLogs(level="ERROR"):
            said = answer(self.director, {"prompt": "a red fox"})
        self.assertEqual(said, {"failed": "KeyError: 'seed'"})

    def test_each_line_has_its_answer(self) -> None:
        lines = io.StringIO("".join(json.dumps(request(frames=frames)) + "\n" for frames in (1, 3)))
        answers = io.StringIO()
        serve(self.director, lines, answers)
        ready, one, three = [json.loads(line) for line in answers.getvalue().splitlines()]
        self.assertEqual(ready, {"ready": VOICES})
        self.assertEqual([len(said["scene"]["frames"]) for said in (one, three)], [1, 3])

    def test_weights_are_read_without_their_libraries(self) -> None:
        torch = read_torch(self.models / "kokoro-82m/kokoro-v0_19.pth")
        onnx = read_onnx(self.models / "live-portrait-fp16/liveportrait_fp16.onnx")
        self.assertEqual(torch["decoder.weight"].shape, (16, 24))
        self.assertEqual(onnx["motion.weight"].shape, (8, 2))

    def test_the_program_leaves_when_its_input_is_closed(self) -> None:
        command = [sys.executable, "-m", "vortex", "--models", self.models]
        done = subprocess.run(command, cwd=ROOT, input="", capture_output=True, text=True, check=True)
        self.assertEqual(json.loads(done.stdout), {"ready": VOICES})
        self.assertIn("vortex: INFO: the node has closed the pipe", done.stderr)


if __name__ == "__main__":
    unittest.main()
