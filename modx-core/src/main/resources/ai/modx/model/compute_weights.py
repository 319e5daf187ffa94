# Compute weights: copies of the parameters, rounded and scaled once a step instead of at each use. That is hundreds
# of small kernels less, for each of which a GPU waits. The copies take part in the graph; from there their gradients
# are collected into those of the parameters, in float32, backpropagation by backpropagation: the same bits.

def empty_like(tensors: List[Tensor], dtype: torch.dtype) -> List[Tensor]:
    return [torch.empty_like(t, dtype=dtype) for t in tensors]


def has_grad(x: Tensor) -> bool:
    # The compiler takes x.grad for a tensor that is always there, "x.grad is None" for false. This asks at run time.
    return ops.prim.AutogradAnyNonZero(x.grad)


def positions(tensors: List[Tensor], with_grad: bool) -> List[int]:
    # Of those that have a gradient, or of those that have none
    found: List[int] = []
    for i, t in enumerate(tensors):
        if has_grad(t) == with_grad:
            found.append(i)
    return found


def grads(tensors: List[Tensor], positions: List[int]) -> List[Tensor]:
    # Those there are. (A function of its own: the compiler, which does not follow what is written to the elements of
    # a list, would remove that if it saw where the list comes from.)
    found: List[Tensor] = []
    for i in positions:
        if has_grad(tensors[i]):
            found.append(tensors[i].grad)
    return found


class Copies:
    names: List[str]  # of the parameters
    suffix: str  # what the copies are called beyond that
    scaled: bool  # times quick_gelu_factor()
    dtype: torch.dtype
    trainable: bool
    parameters: List[Tensor]
    copies: List[Tensor]
    leaves: List[Tensor]  # the copies as they take part in the graph

    # Copies the parameters as they are now
    def update(self, p: Dict[str, Tensor]) -> None:
        if len(self.names) == 0:
            return
        if len(self.parameters) == 0:
            self.parameters = [p[name] for name in self.names]
            self.copies = empty_like(self.parameters, self.dtype)
        values = [parameter.detach() for parameter in self.parameters]
        if self.scaled:
            values = torch._foreach_mul(values, quick_gelu_factor())
        torch._foreach_copy_(self.copies, values)
        self.zero_grad(p)

    # Puts the copies into p, without gradients
    def zero_grad(self, p: Dict[str, Tensor]) -> None:
        self.leaves = [copy.detach().requires_grad_(self.trainable) for copy in self.copies]
        for name, leaf in zip(self.names, self.leaves):
            p[name + self.suffix] = leaf

    # Gradient of parameter += factor x gradient of copy, or = if it is the first since the parameters changed
    def accumulate_grads(self, p: Dict[str, Tensor], first: bool) -> None:
        there = positions(self.leaves, True)
        if first and len(there) < len(self.leaves):
            idle = grads(self.parameters, positions(self.leaves, False))
            if len(idle) > 0:
                torch._foreach_zero_(idle)
        if len(there) == 0:
            return
        self.make_grads(there)
        into = grads(self.parameters, there)
        sums = into if first else empty_like(into, torch.float32)
        torch._foreach_copy_(sums, grads(self.leaves, there))
        if self.scaled:
            torch._foreach_mul_(sums, quick_gelu_factor())
        if not first:
            torch._foreach_add_(into, sums)
        self.zero_grad(p)

    # Zeros for parameters that have never had a gradient
    def make_grads(self, positions: List[int]) -> None:
        for i in positions:
            parameter = self.parameters[i]
            if not has_grad(parameter):
                parameter.backward(torch.zeros_like(parameter))


class ComputeWeights:
    p: Dict[str, Tensor]  # everything by name, and the copies: in the place of parameters, or beside them
    rounded: Copies
    scaled_norms: Copies
    scaled_biases: Copies
    accumulated: bool  # whether gradients were, since the parameters changed

    def update(self, changed: Dict[str, Tensor]) -> None:
        if len(self.p) == 0:
            self.p = changed.copy()
        else:
            self.p.update(changed)
        self.rounded.update(self.p)
        self.scaled_norms.update(self.p)
        self.scaled_biases.update(self.p)
        self.accumulated = False

    def accumulate_grads(self) -> None:
        first = not self.accumulated
        self.rounded.accumulate_grads(self.p, first)
        self.scaled_norms.accumulate_grads(self.p, first)
        self.scaled_biases.accumulate_grads(self.p, first)
        self.accumulated = True
