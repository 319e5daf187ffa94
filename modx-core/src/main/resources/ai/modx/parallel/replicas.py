# What crosses devices in a training step: features and their gradients, parameters and theirs.
# Parameters travel in few large pieces, since each copy between devices has a price of its own.
# Every parameter whose gradient these functions use has one.

def gradients(parameters: List[Tensor]) -> List[Tensor]:
    return [p.grad for p in parameters]


def pieces(tensors: List[Tensor], most: int) -> List[Tuple[int, int]]:
    # Begin and end of each: tensors of one type, one at least, else up to so many elements.
    bounds: List[Tuple[int, int]] = []
    begin = 0
    while begin < len(tensors):
        dtype = tensors[begin].dtype
        elements = tensors[begin].numel()
        end = begin + 1
        while end < len(tensors) and tensors[end].dtype == dtype and elements + tensors[end].numel() <= most:
            elements += tensors[end].numel()
            end += 1
        bounds.append((begin, end))
        begin = end
    return bounds


def received(tensors: List[Tensor], like: List[Tensor], always_copy: bool) -> List[Tensor]:
    # The tensors by one copy to the device of like, which gives the shapes; those that are there already as they are.
    if tensors[0].device == like[0].device and not always_copy:
        return tensors
    flat = torch.cat([t.reshape(-1) for t in tensors]).to(like[0].device)
    shaped: List[Tensor] = []
    for part, t in zip(flat.split([t.numel() for t in tensors]), like):
        shaped.append(part.view(t.shape))
    return shaped


def norms(tensors: List[Tensor]) -> List[Tensor]:
    # Euclidean length of each. On the CPU by way of those of its rows, which threads share, and for which float32
    # keeps its digits: one sum over 25 million squares is off by a thousandth.
    if tensors[0].is_cuda:
        return torch._foreach_norm(tensors)
    lengths: List[Tensor] = []
    for t in tensors:
        row = [i for i in range(1, t.dim())]
        lengths.append(torch.linalg_vector_norm(torch.linalg_vector_norm(t, dim=row)))
    return lengths


class Replicas(nn.Module):
    piece: int
    always_copy: bool

    # The rows of all parts under one another, cut off from their graphs, on the device of home
    def gather(self, home: Tensor, parts: List[Tensor]) -> Tensor:
        return torch.cat([part.detach().to(home.device) for part in parts])

    # Gives every parameter a gradient, by adding zeros to it
    def make_gradients(self, parameters: List[Tensor]) -> List[Tensor]:
        for p in parameters:
            p.backward(torch.zeros_like(p))
        return []

    # gradient of into[i] += gradient of other[i], across devices
    def add_gradients(self, into: List[Tensor], other: List[Tensor]) -> None:
        ours = gradients(into)
        theirs = gradients(other)
        for begin, end in pieces(ours, self.piece):
            piece = ours[begin:end]
            torch._foreach_add_(piece, received(theirs[begin:end], piece, self.always_copy))

    # Euclidean length of all gradients together, which torch.nn.utils.clip_grad_norm_ measures
    def gradient_norm(self, parameters: List[Tensor]) -> float:
        return float(torch.linalg_vector_norm(torch.stack(norms(gradients(parameters)))))

    def scale_gradients(self, parameters: List[Tensor], factor: float) -> None:
        torch._foreach_mul_(gradients(parameters), factor)

    def zero_gradients(self, parameters: List[Tensor]) -> None:
        torch._foreach_zero_(gradients(parameters))

    # into[i] = other[i], across devices
    def copy(self, into: List[Tensor], other: List[Tensor]) -> None:
        for begin, end in pieces(into, self.piece):
            piece = into[begin:end]
            torch._foreach_copy_(piece, received(other[begin:end], piece, self.always_copy))

    def clamp(self, x: Tensor, low: float, high: float) -> None:
        x.clamp_(low, high)
