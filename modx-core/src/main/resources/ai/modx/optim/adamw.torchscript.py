# libtorch's fused AdamW over whole lists of parameters. Gradients are read off the parameters.

class AdamW(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  beta1 : float
  beta2 : float
  eps : float
  weight_decay : float

  def step(self: __torch__.AdamW, parameters: List[Tensor], exp_avgs: List[Tensor], exp_avg_sqs: List[Tensor],
           steps: List[Tensor], lr: float) -> int:
    gradients = annotate(List[Tensor], [])
    for i in range(torch.len(parameters)):
      _0 = torch.append(gradients, unchecked_cast(Tensor, ops.prim.grad(parameters[i])))
    _1 = torch._foreach_add_(steps, 1)
    _2 = torch._fused_adamw_(parameters, gradients, exp_avgs, exp_avg_sqs, annotate(List[Tensor], []), steps,
                             lr=lr, beta1=self.beta1, beta2=self.beta2, weight_decay=self.weight_decay, eps=self.eps,
                             amsgrad=False, maximize=False)
    return 0
