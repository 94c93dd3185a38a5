"""The one error of models that cannot be used, for callers that speak another language."""

from __future__ import annotations


class ModelError(ValueError):
    """A model that cannot be loaded or has answered nonsense; the text starts with "name: ".

    code: what is wrong (see SAID). values: what the sentence is filled with.
    """

    def __init__(self, code: str, **values: str) -> None:
        super().__init__("name: " + SAID[code].format(**values))
        self.code = code
        self.values = values


SAID = {
    "unknown": '"{model}" is no model; known are {known}, a folder and an address (https://…#name)',
    "not_installed": 'the "{model}" model is not installed; install the extra "{extra}"',
    "damaged": 'the "{model}" model cannot be read ({why}); install "{extra}" anew',
    "no_folder": "there is no folder {model}",
    "not_a_model": "{model} holds neither model.onnx with tokenizer.json nor modules.json",
    "broken_folder": "the model in {model} cannot be used ({why})",
    "unnamed": "the address {model} does not say which model; add its name, as in {model}#name",
    "insecure": "{model} is not encrypted; use https outside your own network",
    "bad_address": "{model} is no address that texts can be sent to",
    "unreachable": "{host} cannot be reached ({why})",
    "too_slow": "{host} did not answer within {seconds} seconds",
    "unauthorised": "{host} refuses the key ({status})",
    "no_such_model": "{host} knows no such address or model ({status})",
    "busy": "{host} was too busy or faulty {times} times ({status})",
    "refused": "{host} refuses the texts ({status})",
    "nonsense": "{host} answered something that is no list of vectors",
    "miscounted": "{host} sent {got} vectors for {sent} texts",
    "uneven": "{host} sent vectors of different lengths",
    "not_finite": "{model} gave vectors that are no numbers",
}
