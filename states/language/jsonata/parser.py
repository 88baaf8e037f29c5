"""Text -> tree: operators by binding power, as they are written. What the parts mean to each other is `resolver`'s business.

Limits: parentheses, brackets and functions may be nested MAX_NESTING deep in the text; beyond that it is a syntax error (S0304), long
before Python's stack ends. Longer chains of operators are read in a loop; `height` of the tree bounds them elsewhere.

Source: https://docs.jsonata.org/other-operators (precedence); V. Pratt, Top Down Operator Precedence (1973)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from states.language.jsonata.errors import JsonataError
from states.language.jsonata.signatures import check_signature
from states.language.jsonata.tokens import Token, Tokens
from states.language.jsonata.tree import Node

MAX_NESTING: Final = 150

#: How strongly an operator binds its left side.
POWERS: Final[dict[str, int]] = {
    **dict.fromkeys(("[", "(", "@", "#"), 80),
    ".": 75,
    "{": 70,
    **dict.fromkeys(("*", "/", "%"), 60),
    **dict.fromkeys(("+", "-", "&"), 50),
    **dict.fromkeys(("=", "<", ">", "!=", "<=", ">=", "~>", "in", "^"), 40),
    "and": 30,
    "or": 25,
    "?": 20,
    ":=": 10,
}
INFIX: Final = frozenset(("*", "/", "%", "+", "-", "&", "=", "<", ">", "!=", "<=", ">=", "~>", "in", "and", "or", "."))
SYMBOLS: Final = frozenset({*POWERS, ")", "]", "}", ",", ";", ":", "..", "**", "|"})


def parse(text: str) -> Node:
    """The tree of an expression as written. Raises JsonataError."""
    parser = _Parser(text)
    tree = parser.expression(0)
    if parser.token.kind != "end":
        raise JsonataError("S0201", parser.token.position, token=parser.token.value)
    return tree


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = Tokens(text)
        self.nesting = 0
        self.token: Token = Token("end", "(end)", 0)
        self.advance()

    def advance(self, expected: str | None = None, after_operand: bool = False) -> None:
        """On to the next token; the current one has to be the `expected` symbol."""
        token = self.token
        if expected is not None and (token.kind != "operator" or token.value != expected):
            code = "S0203" if token.kind == "end" else "S0202"
            raise JsonataError(code, token.position, token=token.value, value=expected)
        self.token = token = self.tokens.next(after_operand)
        if token.kind == "operator" and token.value not in SYMBOLS:
            raise JsonataError("S0204", token.position, token=token.value)

    def at(self, symbol: str) -> bool:
        return self.token.kind == "operator" and self.token.value == symbol

    def expression(self, power: int) -> Node:
        """Everything from here that binds more strongly than `power`."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise JsonataError("S0304", self.token.position, value=MAX_NESTING)
        token = self.token
        self.advance(after_operand=True)
        left = self.prefix(token)
        while self.token.kind == "operator" and power < POWERS.get(self.token.value, 0):
            token = self.token
            self.advance()
            left = self.infix(token, left)
        self.nesting -= 1
        return left

    # What an expression may begin with

    def prefix(self, token: Token) -> Node:
        node = Node(token.kind, token.value, token.position)
        if token.kind != "operator":
            return node
        if token.value in ("and", "or", "in"):
            return node  # may be a name; the resolver knows
        begin = PREFIXES.get(token.value)
        if begin is None:
            raise JsonataError("S0211", token.position, token=token.value)
        begin(self, node)
        return node

    def minus(self, node: Node) -> None:
        node.kind = "unary"
        node.right = self.expression(70)

    def wildcard(self, node: Node) -> None:
        node.kind = {"*": "wildcard", "**": "descendant", "%": "parent"}[node.value]

    def block(self, node: Node) -> None:
        node.kind = "block"
        while not self.at(")"):
            node.items.append(self.expression(0))
            if not self.at(";"):
                break
            self.advance(";")
        self.advance(")", after_operand=True)

    def array(self, node: Node) -> None:
        node.kind = "unary"
        if not self.at("]"):
            while True:
                item = self.expression(0)
                if self.at(".."):
                    bounds = Node("binary", "..", self.token.position)
                    self.advance("..")
                    bounds.left, bounds.right = item, self.expression(0)
                    item = bounds
                node.items.append(item)
                if not self.at(","):
                    break
                self.advance(",")
        self.advance("]", after_operand=True)

    def object(self, node: Node) -> None:
        node.kind = "unary"
        if not self.at("}"):
            while True:
                key = self.expression(0)
                self.advance(":")
                node.pairs.append((key, self.expression(0)))
                if not self.at(","):
                    break
                self.advance(",")
        self.advance("}", after_operand=True)

    def transform(self, node: Node) -> None:
        node.kind = "transform"
        node.left = self.expression(0)
        self.advance("|")
        node.right = self.expression(0)
        if self.at(","):
            self.advance(",")
            node.otherwise = self.expression(0)
        self.advance("|")

    # What may follow an operand

    def infix(self, token: Token, left: Node) -> Node:
        node = Node("binary", token.value, token.position)
        if token.value in INFIX:
            node.left, node.right = left, self.expression(POWERS[token.value])
            return node
        return FOLLOWING[token.value](self, node, left)

    def call(self, node: Node, left: Node) -> Node:
        node.kind, node.left = "call", left
        if not self.at(")"):
            while True:
                if self.at("?"):
                    node.kind = "partial"
                    node.arguments.append(Node("placeholder", "?", self.token.position))
                    self.advance("?")
                else:
                    node.arguments.append(self.expression(0))
                if not self.at(","):
                    break
                self.advance(",")
        self.advance(")", after_operand=True)
        if left.kind == "name" and left.value in ("function", "\u03bb"):
            self.definition(node)
        return node

    def definition(self, node: Node) -> None:
        """`function($a, $b)<signature>{ body }`, from behind the parameters on."""
        for place, argument in enumerate(node.arguments):
            if argument.kind != "variable":
                raise JsonataError("S0208", argument.position, token=argument.value, value=place + 1)
            node.parameters.append(argument.value)
        node.kind = "lambda"
        if self.at("<"):
            node.signature = self.signature()
        self.advance("{")
        node.right = self.expression(0)
        self.advance("}")

    def signature(self) -> str:
        start, depth, text = self.token.position, 1, "<"
        while depth > 0 and not self.at("{") and self.token.kind != "end":
            self.advance()
            depth += {"<": 1, ">": -1}.get(self.token.value, 0) if self.token.kind == "operator" else 0
            text += str(self.token.value)
        self.advance(">")
        check_signature(text, start)
        return text

    def filter(self, node: Node, left: Node) -> Node:
        if self.at("]"):
            step = left
            while step.kind == "binary" and step.value == "[" and step.left is not None:
                step = step.left
            step.keep_array = True
            self.advance("]")
            return left
        node.left, node.right = left, self.expression(0)
        self.advance("]", after_operand=True)
        return node

    def order(self, node: Node, left: Node) -> Node:
        self.advance("(")
        node.left = left
        while True:
            descending = self.at(">")
            if descending or self.at("<"):
                self.advance()
            node.terms.append((self.expression(0), descending))
            if not self.at(","):
                break
            self.advance(",")
        self.advance(")")
        return node

    def grouping(self, node: Node, left: Node) -> Node:
        self.object(node)
        node.kind, node.left = "binary", left
        return node

    def assignment(self, node: Node, left: Node) -> Node:
        if left.kind != "variable":
            raise JsonataError("S0212", left.position, token=left.value)
        node.left, node.right = left, self.expression(POWERS[":="] - 1)
        return node

    def binding(self, node: Node, left: Node) -> Node:
        """`@$x` and `#$i`."""
        node.left, node.right = left, self.expression(80)
        if node.right.kind != "variable":
            raise JsonataError("S0214", node.right.position, token=node.value)
        return node

    def condition(self, node: Node, left: Node) -> Node:
        node.kind, node.left, node.right = "condition", left, self.expression(0)
        if self.at(":"):
            self.advance(":")
            node.otherwise = self.expression(0)
        return node


PREFIXES: Final[dict[str, Callable[[_Parser, Node], None]]] = {
    "-": _Parser.minus,
    "*": _Parser.wildcard,
    "**": _Parser.wildcard,
    "%": _Parser.wildcard,
    "(": _Parser.block,
    "[": _Parser.array,
    "{": _Parser.object,
    "|": _Parser.transform,
}
FOLLOWING: Final[dict[str, Callable[[_Parser, Node, Node], Node]]] = {
    "(": _Parser.call,
    "[": _Parser.filter,
    "^": _Parser.order,
    "{": _Parser.grouping,
    ":=": _Parser.assignment,
    "@": _Parser.binding,
    "#": _Parser.binding,
    "?": _Parser.condition,
}
