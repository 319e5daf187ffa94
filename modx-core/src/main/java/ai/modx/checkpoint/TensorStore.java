package ai.modx.checkpoint;

import ai.modx.torch.HostTensor;

/** Makes the tensors that a pickle describes. */
interface TensorStore {

    /** Is told of every storage that the pickle names, in the order of the pickle. */
    void found(StorageRef storage);

    /**
     * A tensor over a storage.
     *
     * @param offset  index of the first element in the storage
     * @param shape   dimensions
     * @param strides steps in elements, one for each dimension
     */
    HostTensor view(StorageRef storage, long offset, long[] shape, long[] strides);
}
