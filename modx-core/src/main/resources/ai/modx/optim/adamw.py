# libtorch's fused AdamW over whole lists of parameters. Gradients are read off the parameters.

class AdamW(nn.Module):
    beta1: float
    beta2: float
    eps: float
    weight_decay: float

    def step(self, parameters: List[Tensor], exp_avgs: List[Tensor], exp_avg_sqs: List[Tensor], steps: List[Tensor],
             lr: float) -> None:
        gradients = [p.grad for p in parameters]
        torch._foreach_add_(steps, 1)
        torch._fused_adamw_(parameters, gradients, exp_avgs, exp_avg_sqs, [], steps, lr=lr,
                            beta1=self.beta1, beta2=self.beta2, weight_decay=self.weight_decay, eps=self.eps,
                            amsgrad=False, maximize=False)
