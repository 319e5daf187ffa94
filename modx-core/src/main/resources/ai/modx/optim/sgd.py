# torch's SGD with momentum and weight decay over whole lists of parameters. Gradients are read off the parameters.

class Sgd(nn.Module):
    momentum: float
    weight_decay: float

    def step(self, parameters: List[Tensor], momenta: List[Tensor], lr: float) -> None:
        gradients = [p.grad for p in parameters]
        directions = torch._foreach_add(gradients, parameters, alpha=self.weight_decay)
        torch._foreach_mul_(momenta, self.momentum)
        torch._foreach_add_(momenta, directions)
        torch._foreach_add_(parameters, momenta, alpha=-lr)
