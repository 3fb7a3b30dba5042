"""A sidecar without models for the node's tests: what it does is said in the prompt."""

import json
import os
import sys
import time

print("words for people", file=sys.stderr)
print(json.dumps({"ready": ["nobody"]}), flush=True)
for line in sys.stdin:
    word, _, rest = json.loads(line)["prompt"].partition(" ")
    match word:
        case "die":
            sys.exit(3)
        case "babble":
            print("no JSON", flush=True)
        case "refuse":
            print(json.dumps({"invalid": rest}), flush=True)
        case "fail":
            print(json.dumps({"failed": rest}), flush=True)
        case _:
            while word == "await" and not os.path.exists(rest):
                time.sleep(0.01)
            scene = {"frames": ["AQI="], "speech": "Aw==", "score_b32": 0.5, "score_l14": 0.25}
            print(json.dumps({"scene": scene}), flush=True)
