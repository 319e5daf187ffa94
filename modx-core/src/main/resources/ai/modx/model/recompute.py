# Gradient checkpointing: keep what goes into each block, and compute the block again for its gradient (Chen et al.
# 2016, Training Deep Nets with Sublinear Memory Cost).

def checkpoints(inputs: Tensor, p: Dict[str, Tensor], tower: Tower, amp: Amp) -> List[Tensor]:
    # What goes into each block and into the head, and the features; in float32, as which alone tensors may be seen
    # from outside
    torch.set_grad_enabled(False)
    x = stem(inputs, p, tower, amp)
    kept = [x.float()]
    for block in block_names(p, tower):
        x = run_block(x, p, block, tower, amp)
        kept.append(x.float())
    kept.append(head(kept[-1], inputs, p, tower, amp))
    torch.set_grad_enabled(True)
    return kept


def leaf(x: Tensor) -> Tensor:
    # The beginning of a new graph
    return x.detach().requires_grad_()


def vjp(y: Tensor, grad: Tensor, x: Tensor) -> Tensor:
    # The gradient of the leaf x, given that of y; adds to the gradients of the parameters between them
    y.backward(grad)
    return x.grad


def backward(inputs: Tensor, kept: List[Tensor], grad: Tensor, p: Dict[str, Tensor], tower: Tower, amp: Amp) -> None:
    # Adds to the gradients of a tower's parameters, from the last to the first. kept: what goes into each block and
    # into the head; grad: of the features
    x = leaf(kept[-1])
    grad = vjp(head(x, inputs, p, tower, amp), grad, x)
    blocks = block_names(p, tower)
    for i in range(len(blocks) - 1, -1, -1):
        x = leaf(kept[i])
        grad = vjp(run_block(x, p, blocks[i], tower, amp), grad, x)
    stem(inputs, p, tower, amp).backward(grad)
