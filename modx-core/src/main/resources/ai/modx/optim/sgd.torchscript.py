# torch's SGD with momentum and weight decay over whole lists of parameters. Gradients are read off the parameters.

class Sgd(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  momentum : float
  weight_decay : float

  def step(self: __torch__.Sgd, parameters: List[Tensor], momenta: List[Tensor], lr: float) -> int:
    gradients = annotate(List[Tensor], [])
    for i in range(torch.len(parameters)):
      _0 = torch.append(gradients, unchecked_cast(Tensor, ops.prim.grad(parameters[i])))
    directions = torch._foreach_add(gradients, parameters, alpha=self.weight_decay)
    _1 = torch._foreach_mul_(momenta, self.momentum)
    _2 = torch._foreach_add_(momenta, directions, alpha=1)
    _3 = torch._foreach_add_(parameters, momenta, alpha=torch.neg(lr))
    return 0
