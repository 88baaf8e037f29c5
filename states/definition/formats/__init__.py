"""The formats people have: JSON, YAML, and definitions inside SAM, CloudFormation, cdk.out and serverless templates.

`open_definitions("template.yaml#OrderMachine")` and `many(["."])` give Found values; a Found goes wherever the text of a definition goes:
`definition.validate(found)`, `definition.loads(found)`. All of its places are those in the file that was written.

What this package needs is imported when it is first used: neither YAML nor templates cost a plain definition anything.
"""

from __future__ import annotations

from states.definition.formats.files import definitions_in, many, open_definition, open_definitions
from states.definition.formats.found import CODES, Found, NoSuchMachine

__all__ = ["CODES", "Found", "NoSuchMachine", "definitions_in", "many", "open_definition", "open_definitions"]
