# Made by 'python -m sparsetool.completion fish'; do not edit.

# Whether the words before the cursor belong to verb $argv[1] ('' before there is a verb); with
# more arguments also whether the cursor's position (from 0) passes the test $argv[2..3]. Values of
# the options $argv[4..] are no positions.
function __sparsetool
    set -l words (commandline -opc)
    set -l verb ''
    set -l at 0
    set -l value no
    set -e words[1]
    for word in $words
        if test $value = yes
            set value no
        else if string match -q -- '-*' $word
            contains -- $word $argv[4..]; and set value yes
        else if test -z "$verb"
            set verb $word
        else
            set at (math $at + 1)
        end
    end
    test "$verb" = "$argv[1]"; or return
    set -q argv[2]; or return 0
    test $at $argv[2..3]
end

complete -c sparsetool -f
complete -c sparsetool -n '__sparsetool \'\' -eq 0' -a 'init\\t\'Make a fresh ticket: a network by name, its initial weights and the facts of its birth\' mask\\t\'Give a ticket a mask, at initialisation: random, by a score, or from another file\' train-cycles\\t\'Train a ticket for N cycles of the whole learning-rate schedule, its mask held fixed\' prune\\t\'Remove more of the surviving weights, in one step\' rewind\\t\'Give the survivors another ticket\\\'s values; the mask stays\' transfer-signs\\t\'Give the survivors another ticket\\\'s signs; their magnitudes stay\' eval\\t\'Measure loss and accuracy of tickets, in float32\' show\\t\'Say what a ticket is: its size, layers, densities, and how it came about\' plot\\t\'Draw what was measured: a picture (-o), a table (--table), or characters (--terminal)\' data\\t\'List data sets and where they are looked for, fetch one, or write photographs for ffcv\' export\\t\'Write a ticket for programs that know no tickets: weights alone, as safetensors or PyTorch\' import\\t\'Make a ticket from somebody else\\\'s checkpoint: a PyTorch state_dict or safetensors\' recipe\\t\'List ready experiments, print one as a shell script, or say how much work it is\' runs\\t\'List, show and remove the run folders in which training keeps its progress\''
complete -c sparsetool -n '__sparsetool \'\'' -l version -d 'Print it'
complete -c sparsetool -n '__sparsetool \'\'' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool init -eq 0 --data --data-root --seed --init --exclude -o --output' -a 'convnext-tiny\\t\'ConvNeXt-Tiny of torchvision; under 64 pixels with a 3x3 stride-1 stem\' deit-tiny\\t\'DeiT-Tiny, without its distillation token: patches of 16 pixels, width 192, 12 layers, 3 heads\' efficientnet-b0\\t\'EfficientNet-B0 of torchvision; under 64 pixels with the first two strides 1\' efficientnet-v2-s\\t\'EfficientNetV2-S of torchvision; under 64 pixels with the first two strides 1\' file\\t\'Your own network: FILE.py:FUNCTION, a function that returns a torch module\' lenet5\\t\'LeNet-5 with ReLU and max-pooling: 6 and 16 channels, 120, 84 and the classes\' mlp\\t\'Fully connected network with ReLU; hidden widths as the argument, 300-100 by default\' mobilenet-v2\\t\'MobileNetV2 of torchvision; under 64 pixels with the first two strides 1\' mobilenet-v3-large\\t\'MobileNetV3-Large of torchvision; under 64 pixels with the first two strides 1\' mobilenet-v3-small\\t\'MobileNetV3-Small of torchvision; under 64 pixels with the first two strides 1\' resnet101\\t\'ResNet101 of torchvision; under 64 pixels with a 3x3 stride-1 stem and no pooling\' resnet110\\t\'ResNet110 for small images: 3x3 stem, three stages of 18 blocks, projection shortcuts\' resnet18\\t\'ResNet18 of torchvision; under 64 pixels with a 3x3 stride-1 stem and no pooling\' resnet20\\t\'ResNet20 for small images: 3x3 stem, three stages of 3 blocks, projection shortcuts\' resnet32\\t\'ResNet32 for small images: 3x3 stem, three stages of 5 blocks, projection shortcuts\' resnet34\\t\'ResNet34 of torchvision; under 64 pixels with a 3x3 stride-1 stem and no pooling\' resnet44\\t\'ResNet44 for small images: 3x3 stem, three stages of 7 blocks, projection shortcuts\' resnet50\\t\'ResNet50 of torchvision; under 64 pixels with a 3x3 stride-1 stem and no pooling\' resnet56\\t\'ResNet56 for small images: 3x3 stem, three stages of 9 blocks, projection shortcuts\' resnext50-32x4d\\t\'ResNeXt50 32x4d of torchvision; under 64 pixels with a 3x3 stride-1 stem\' timm\\t\'Any network of timm, where timm is installed: timm:NAME, such as timm:resnet26d\' torchvision\\t\'Any network of torchvision: torchvision:NAME, such as torchvision:resnext50_32x4d\' vgg11-bn\\t\'VGG11 with batch norm of torchvision; under 64 pixels with one linear layer\' vgg16\\t\'VGG16 of torchvision, without batch norm; under 64 pixels with one linear layer\' vgg16-bn\\t\'VGG16 with batch norm of torchvision; under 64 pixels with one linear layer\' vgg19-bn\\t\'VGG19 with batch norm of torchvision; under 64 pixels with one linear layer\' vit-b-16\\t\'ViT-B/16 of torchvision, for square images whose side is a multiple of 16\' vit-b-32\\t\'ViT-B/32 of torchvision, for square images whose side is a multiple of 32\' vit-tiny\\t\'ViT-Tiny with patches that fit the image; vit-tiny:P for patches of P pixels\' wide-resnet50-2\\t\'Wide ResNet50-2 of torchvision; under 64 pixels with a 3x3 stride-1 stem\''
complete -c sparsetool -n '__sparsetool init' -l data -x -a 'cifar10\\t\'CIFAR-10: 60,000 photographs of 10 kinds of things, 32x32, 50,000 of them to train\' cifar100\\t\'CIFAR-100: 60,000 photographs of 100 kinds of things, 32x32, 50,000 of them to train\' digits\\t\'1,797 handwritten 8x8 digits that ship with the package: 1,437 to train, 360 to test\' fashion-mnist\\t\'Fashion-MNIST: 70,000 pictures of clothes, 28x28, 60,000 of them to train\' ffcv\\t\'Photographs in two files of ffcv: ffcv:TRAIN.beton,TEST.beton, decoded faster\' file\\t\'Your own data: FILE.py:FUNCTION, a function that returns tensors or torch data sets\' imagefolder\\t\'Photographs in folders: PATH/train/CLASS/*.jpg and PATH/{val,test}/CLASS/*.jpg\' imagenet\\t\'ImageNet: 1.28 million photographs of 1000 kinds of things, in folders under `imagenet`\' mnist\\t\'MNIST: 70,000 handwritten digits, 28x28, 60,000 of them to train\'' -d 'Data set'
complete -c sparsetool -n '__sparsetool init' -l data-root -x -a '(__fish_complete_directories)' -d 'Folder of data sets; default: $SPARSETOOL_DATA'
complete -c sparsetool -n '__sparsetool init' -l seed -x -d 'Key of every later draw'
complete -c sparsetool -n '__sparsetool init' -l init -x -a 'kaiming kaiming-fan-out model' -d 'kaiming (fan-in), kaiming-fan-out or model'
complete -c sparsetool -n '__sparsetool init' -l exclude -x -d 'Weights that are never pruned'
complete -c sparsetool -n '__sparsetool init' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool init' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool init' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool init' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool mask -eq 0 --balanced --erk --global --uniform --sparsity --from --union --intersect --parent --iterations --min-per-layer --block-size --data --data-root --batches --batch-size --device --threads --seed -o --output' -F
complete -c sparsetool -n '__sparsetool mask' -l distance -d 'Keep the weights that changed most since the parent ticket, whichever way'
complete -c sparsetool -n '__sparsetool mask' -l fisher -d 'Keep the weights whose removal costs most by the diagonal of the empirical Fisher matrix'
complete -c sparsetool -n '__sparsetool mask' -l force-snip -d 'Keep what matters at the end of pruning by rounds in which weights may come back (FORCE)'
complete -c sparsetool -n '__sparsetool mask' -l grasp -d 'Keep the weights whose removal would most reduce the flow of gradients, before training'
complete -c sparsetool -n '__sparsetool mask' -l magnitude -d 'Keep the weights of greatest magnitude'
complete -c sparsetool -n '__sparsetool mask' -l magnitude-increase -d 'Keep the weights whose magnitude grew most since the parent ticket'
complete -c sparsetool -n '__sparsetool mask' -l movement -d 'Keep the weights that moved away from zero most since the parent ticket'
complete -c sparsetool -n '__sparsetool mask' -l random -d 'Keep random weights, each equally likely'
complete -c sparsetool -n '__sparsetool mask' -l snip -d 'Keep the weights whose removal would change the loss most, to first order, before training'
complete -c sparsetool -n '__sparsetool mask' -l synflow -d 'Keep the weights that carry most of the flow from input to output, without looking at data'
complete -c sparsetool -n '__sparsetool mask' -l taylor -d 'Keep the weights whose removal would change the loss most, to first order, after training'
complete -c sparsetool -n '__sparsetool mask' -l woodfisher -d 'Keep the weights whose removal costs most when the others may answer, by the inverse Fisher'
complete -c sparsetool -n '__sparsetool mask' -l balanced -x -d 'Keep the same number of weights in every layer, as far as layers allow'
complete -c sparsetool -n '__sparsetool mask' -l erk -x -d 'Keep densities by the Erdos-Renyi kernel: small layers denser'
complete -c sparsetool -n '__sparsetool mask' -l global -x -d 'Rank the scores of all layers together'
complete -c sparsetool -n '__sparsetool mask' -l uniform -x -d 'Keep the same fraction of every layer'
complete -c sparsetool -n '__sparsetool mask' -l sparsity -x -d 'Sparsity for a criterion that constructs masks'
complete -c sparsetool -n '__sparsetool mask' -l from -r -F -d 'Take the masks of this file'
complete -c sparsetool -n '__sparsetool mask' -l shuffle -d 'Permute the mask within each layer'
complete -c sparsetool -n '__sparsetool mask' -l invert -d 'Keep what the mask removes'
complete -c sparsetool -n '__sparsetool mask' -l union -r -F -d 'Keep what this mask or FILE\'s keeps'
complete -c sparsetool -n '__sparsetool mask' -l intersect -r -F -d 'Keep what both masks keep'
complete -c sparsetool -n '__sparsetool mask' -l dense -d 'Remove the mask'
complete -c sparsetool -n '__sparsetool mask' -l mask-only -d 'Write the masks alone'
complete -c sparsetool -n '__sparsetool mask' -l parent -r -F -d 'Earlier ticket to compare with'
complete -c sparsetool -n '__sparsetool mask' -l iterations -x -d 'Rounds of scoring and masking; default: the criterion\'s (mostly 1)'
complete -c sparsetool -n '__sparsetool mask' -l min-per-layer -x -d 'Weights every layer keeps'
complete -c sparsetool -n '__sparsetool mask' -l repair -d 'Keep the best weight of a layer left empty'
complete -c sparsetool -n '__sparsetool mask' -l update -d 'Survivors answer the removal (WoodFisher)'
complete -c sparsetool -n '__sparsetool mask' -l block-size -x -d 'Weights in a block (WoodFisher)'
complete -c sparsetool -n '__sparsetool mask' -l data -x -a 'cifar10\\t\'CIFAR-10: 60,000 photographs of 10 kinds of things, 32x32, 50,000 of them to train\' cifar100\\t\'CIFAR-100: 60,000 photographs of 100 kinds of things, 32x32, 50,000 of them to train\' digits\\t\'1,797 handwritten 8x8 digits that ship with the package: 1,437 to train, 360 to test\' fashion-mnist\\t\'Fashion-MNIST: 70,000 pictures of clothes, 28x28, 60,000 of them to train\' ffcv\\t\'Photographs in two files of ffcv: ffcv:TRAIN.beton,TEST.beton, decoded faster\' file\\t\'Your own data: FILE.py:FUNCTION, a function that returns tensors or torch data sets\' imagefolder\\t\'Photographs in folders: PATH/train/CLASS/*.jpg and PATH/{val,test}/CLASS/*.jpg\' imagenet\\t\'ImageNet: 1.28 million photographs of 1000 kinds of things, in folders under `imagenet`\' mnist\\t\'MNIST: 70,000 handwritten digits, 28x28, 60,000 of them to train\'' -d 'Data set; default: the ticket\'s own'
complete -c sparsetool -n '__sparsetool mask' -l data-root -x -a '(__fish_complete_directories)' -d 'Folder of data sets; default: $SPARSETOOL_DATA'
complete -c sparsetool -n '__sparsetool mask' -l batches -x -d 'Batches to score on; default: 1'
complete -c sparsetool -n '__sparsetool mask' -l batch-size -x -d 'Examples in a batch; default: the criterion\'s, or as in training'
complete -c sparsetool -n '__sparsetool mask' -l device -x -a 'auto cpu cuda mps' -d 'auto, cpu, cuda or mps'
complete -c sparsetool -n '__sparsetool mask' -l threads -x -d 'CPU threads; auto: 1 for small images, else all'
complete -c sparsetool -n '__sparsetool mask' -l seed -x -d 'Seed of this step; default: the ticket\'s'
complete -c sparsetool -n '__sparsetool mask' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool mask' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool mask' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool mask' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool train-cycles -eq 0 --n --epochs --schedule --lr --momentum --weight-decay --batch-size --optimizer --seed --data --data-root --model --val --label-noise --from-epoch --keep --keep-every --save-epoch --stop-after --time-limit --log --eval-every --device --precision --threads -o --output' -F
complete -c sparsetool -n '__sparsetool train-cycles' -l n -x -d 'Cycles'
complete -c sparsetool -n '__sparsetool train-cycles' -l epochs -x -d 'Epochs in a cycle'
complete -c sparsetool -n '__sparsetool train-cycles' -l schedule -x -a 'allr\\t\'Linear like `llr`, its peak adapted to what the last pruning removed and to the budget\' constant\\t\'The peak at every step, without warm-up\' cosine\\t\'Linear warm-up, then half a cosine from the peak down to the floor at the last step\' llr\\t\'Linear: a tenth of the cycle warms up to the peak, then straight down to 0\' one-cycle\\t\'From a fifth of the peak linearly up to it over the first fifth of the steps, then down to 0\' step-warmup\\t\'Warm-up, then the peak, divided by 10 at each drop (default)\'' -d 'Learning rate; default: step-warmup'
complete -c sparsetool -n '__sparsetool train-cycles' -l lr -x -d 'Its peak'
complete -c sparsetool -n '__sparsetool train-cycles' -l momentum -x -d 'Momentum of SGD'
complete -c sparsetool -n '__sparsetool train-cycles' -l weight-decay -x -d 'On every parameter'
complete -c sparsetool -n '__sparsetool train-cycles' -l batch-size -x -d 'Examples in a step'
complete -c sparsetool -n '__sparsetool train-cycles' -l optimizer -x -a 'sgd nesterov adamw' -d 'sgd (default), nesterov, adamw'
complete -c sparsetool -n '__sparsetool train-cycles' -l seed -x -d 'Seed of this step; default: the ticket\'s'
complete -c sparsetool -n '__sparsetool train-cycles' -l data -x -a 'cifar10\\t\'CIFAR-10: 60,000 photographs of 10 kinds of things, 32x32, 50,000 of them to train\' cifar100\\t\'CIFAR-100: 60,000 photographs of 100 kinds of things, 32x32, 50,000 of them to train\' digits\\t\'1,797 handwritten 8x8 digits that ship with the package: 1,437 to train, 360 to test\' fashion-mnist\\t\'Fashion-MNIST: 70,000 pictures of clothes, 28x28, 60,000 of them to train\' ffcv\\t\'Photographs in two files of ffcv: ffcv:TRAIN.beton,TEST.beton, decoded faster\' file\\t\'Your own data: FILE.py:FUNCTION, a function that returns tensors or torch data sets\' imagefolder\\t\'Photographs in folders: PATH/train/CLASS/*.jpg and PATH/{val,test}/CLASS/*.jpg\' imagenet\\t\'ImageNet: 1.28 million photographs of 1000 kinds of things, in folders under `imagenet`\' mnist\\t\'MNIST: 70,000 handwritten digits, 28x28, 60,000 of them to train\'' -d 'Data set; default: the ticket\'s own'
complete -c sparsetool -n '__sparsetool train-cycles' -l data-root -x -a '(__fish_complete_directories)' -d 'Folder of data sets; default: $SPARSETOOL_DATA'
complete -c sparsetool -n '__sparsetool train-cycles' -l model -x -d 'The ticket\'s model; needed where it is your own code, FILE.py:FUNCTION'
complete -c sparsetool -n '__sparsetool train-cycles' -l val -x -d 'Hold out this part of the training split'
complete -c sparsetool -n '__sparsetool train-cycles' -l label-noise -x -d 'Permute this part of the labels'
complete -c sparsetool -n '__sparsetool train-cycles' -l from-epoch -x -d 'Begin at epoch K of the schedule'
complete -c sparsetool -n '__sparsetool train-cycles' -l keep -x -a '(__fish_complete_directories)' -d 'Also write a ticket per cycle there'
complete -c sparsetool -n '__sparsetool train-cycles' -l keep-every -x -d 'With --keep: also a ticket every E epochs'
complete -c sparsetool -n '__sparsetool train-cycles' -l save-epoch -r -F -d 'Also write the ticket after epoch K'
complete -c sparsetool -n '__sparsetool train-cycles' -l stop-after -x -d 'Stop after K epochs of this call'
complete -c sparsetool -n '__sparsetool train-cycles' -l time-limit -x -d 'Stop after 90s, 30m, 1:30:00; exit 75'
complete -c sparsetool -n '__sparsetool train-cycles' -l log -r -F -d 'One JSON line per epoch'
complete -c sparsetool -n '__sparsetool train-cycles' -l eval-every -x -d 'Epochs between evaluations in the log'
complete -c sparsetool -n '__sparsetool train-cycles' -l device -x -a 'auto cpu cuda mps' -d 'auto, cpu, cuda or mps'
complete -c sparsetool -n '__sparsetool train-cycles' -l precision -x -a 'auto fp32 bf16 fp16' -d 'auto, fp32, bf16 or fp16'
complete -c sparsetool -n '__sparsetool train-cycles' -l threads -x -d 'CPU threads; auto: 1 for small images, else all'
complete -c sparsetool -n '__sparsetool train-cycles' -l deterministic -d 'Only deterministic algorithms (for CUDA)'
complete -c sparsetool -n '__sparsetool train-cycles' -l compile -d 'Compile the network first'
complete -c sparsetool -n '__sparsetool train-cycles' -l no-store -d 'Keep no progress on disk'
complete -c sparsetool -n '__sparsetool train-cycles' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool train-cycles' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool train-cycles' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool train-cycles' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool prune -eq 0 --balanced --erk --global --uniform --rate --sparsity --parent --iterations --min-per-layer --block-size --data --data-root --batches --batch-size --device --threads --seed -o --output' -F
complete -c sparsetool -n '__sparsetool prune' -l distance -d 'Keep the weights that changed most since the parent ticket, whichever way'
complete -c sparsetool -n '__sparsetool prune' -l fisher -d 'Keep the weights whose removal costs most by the diagonal of the empirical Fisher matrix'
complete -c sparsetool -n '__sparsetool prune' -l force-snip -d 'Keep what matters at the end of pruning by rounds in which weights may come back (FORCE)'
complete -c sparsetool -n '__sparsetool prune' -l grasp -d 'Keep the weights whose removal would most reduce the flow of gradients, before training'
complete -c sparsetool -n '__sparsetool prune' -l magnitude -d 'Keep the weights of greatest magnitude'
complete -c sparsetool -n '__sparsetool prune' -l magnitude-increase -d 'Keep the weights whose magnitude grew most since the parent ticket'
complete -c sparsetool -n '__sparsetool prune' -l movement -d 'Keep the weights that moved away from zero most since the parent ticket'
complete -c sparsetool -n '__sparsetool prune' -l random -d 'Keep random weights, each equally likely'
complete -c sparsetool -n '__sparsetool prune' -l snip -d 'Keep the weights whose removal would change the loss most, to first order, before training'
complete -c sparsetool -n '__sparsetool prune' -l synflow -d 'Keep the weights that carry most of the flow from input to output, without looking at data'
complete -c sparsetool -n '__sparsetool prune' -l taylor -d 'Keep the weights whose removal would change the loss most, to first order, after training'
complete -c sparsetool -n '__sparsetool prune' -l woodfisher -d 'Keep the weights whose removal costs most when the others may answer, by the inverse Fisher'
complete -c sparsetool -n '__sparsetool prune' -l balanced -x -d 'Keep the same number of weights in every layer, as far as layers allow'
complete -c sparsetool -n '__sparsetool prune' -l erk -x -d 'Keep densities by the Erdos-Renyi kernel: small layers denser'
complete -c sparsetool -n '__sparsetool prune' -l global -x -d 'Rank the scores of all layers together'
complete -c sparsetool -n '__sparsetool prune' -l uniform -x -d 'Keep the same fraction of every layer'
complete -c sparsetool -n '__sparsetool prune' -l rate -x -d 'Remove this fraction of the survivors'
complete -c sparsetool -n '__sparsetool prune' -l sparsity -x -d 'Sparsity for a criterion that constructs masks'
complete -c sparsetool -n '__sparsetool prune' -l parent -r -F -d 'Earlier ticket to compare with'
complete -c sparsetool -n '__sparsetool prune' -l iterations -x -d 'Rounds of scoring and masking; default: the criterion\'s (mostly 1)'
complete -c sparsetool -n '__sparsetool prune' -l min-per-layer -x -d 'Weights every layer keeps'
complete -c sparsetool -n '__sparsetool prune' -l repair -d 'Keep the best weight of a layer left empty'
complete -c sparsetool -n '__sparsetool prune' -l update -d 'Survivors answer the removal (WoodFisher)'
complete -c sparsetool -n '__sparsetool prune' -l block-size -x -d 'Weights in a block (WoodFisher)'
complete -c sparsetool -n '__sparsetool prune' -l data -x -a 'cifar10\\t\'CIFAR-10: 60,000 photographs of 10 kinds of things, 32x32, 50,000 of them to train\' cifar100\\t\'CIFAR-100: 60,000 photographs of 100 kinds of things, 32x32, 50,000 of them to train\' digits\\t\'1,797 handwritten 8x8 digits that ship with the package: 1,437 to train, 360 to test\' fashion-mnist\\t\'Fashion-MNIST: 70,000 pictures of clothes, 28x28, 60,000 of them to train\' ffcv\\t\'Photographs in two files of ffcv: ffcv:TRAIN.beton,TEST.beton, decoded faster\' file\\t\'Your own data: FILE.py:FUNCTION, a function that returns tensors or torch data sets\' imagefolder\\t\'Photographs in folders: PATH/train/CLASS/*.jpg and PATH/{val,test}/CLASS/*.jpg\' imagenet\\t\'ImageNet: 1.28 million photographs of 1000 kinds of things, in folders under `imagenet`\' mnist\\t\'MNIST: 70,000 handwritten digits, 28x28, 60,000 of them to train\'' -d 'Data set; default: the ticket\'s own'
complete -c sparsetool -n '__sparsetool prune' -l data-root -x -a '(__fish_complete_directories)' -d 'Folder of data sets; default: $SPARSETOOL_DATA'
complete -c sparsetool -n '__sparsetool prune' -l batches -x -d 'Batches to score on; default: 1'
complete -c sparsetool -n '__sparsetool prune' -l batch-size -x -d 'Examples in a batch; default: the criterion\'s, or as in training'
complete -c sparsetool -n '__sparsetool prune' -l device -x -a 'auto cpu cuda mps' -d 'auto, cpu, cuda or mps'
complete -c sparsetool -n '__sparsetool prune' -l threads -x -d 'CPU threads; auto: 1 for small images, else all'
complete -c sparsetool -n '__sparsetool prune' -l seed -x -d 'Seed of this step; default: the ticket\'s'
complete -c sparsetool -n '__sparsetool prune' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool prune' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool prune' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool prune' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool rewind -eq 0 --to --what -o --output' -F
complete -c sparsetool -n '__sparsetool rewind' -l to -r -F -d 'Ticket whose values they get'
complete -c sparsetool -n '__sparsetool rewind' -l what -x -a 'all weights buffers' -d 'all, weights (all parameters) or buffers'
complete -c sparsetool -n '__sparsetool rewind' -l allow-zeros -d 'Accept zeros where the mask keeps a weight'
complete -c sparsetool -n '__sparsetool rewind' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool rewind' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool rewind' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool rewind' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool transfer-signs -eq 0 --from --perturb --seed -o --output' -F
complete -c sparsetool -n '__sparsetool transfer-signs' -l from -r -F -d 'Ticket whose signs they get'
complete -c sparsetool -n '__sparsetool transfer-signs' -l perturb -x -d 'Flip this random fraction of the signs'
complete -c sparsetool -n '__sparsetool transfer-signs' -l seed -x -d 'Seed of this step; default: the ticket\'s'
complete -c sparsetool -n '__sparsetool transfer-signs' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool transfer-signs' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool transfer-signs' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool transfer-signs' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool eval -ge 0 --split --data --data-root --model --device --threads --label -o --output' -F
complete -c sparsetool -n '__sparsetool eval' -l split -x -a 'train val test' -d 'train, val or test'
complete -c sparsetool -n '__sparsetool eval' -l data -x -a 'cifar10\\t\'CIFAR-10: 60,000 photographs of 10 kinds of things, 32x32, 50,000 of them to train\' cifar100\\t\'CIFAR-100: 60,000 photographs of 100 kinds of things, 32x32, 50,000 of them to train\' digits\\t\'1,797 handwritten 8x8 digits that ship with the package: 1,437 to train, 360 to test\' fashion-mnist\\t\'Fashion-MNIST: 70,000 pictures of clothes, 28x28, 60,000 of them to train\' ffcv\\t\'Photographs in two files of ffcv: ffcv:TRAIN.beton,TEST.beton, decoded faster\' file\\t\'Your own data: FILE.py:FUNCTION, a function that returns tensors or torch data sets\' imagefolder\\t\'Photographs in folders: PATH/train/CLASS/*.jpg and PATH/{val,test}/CLASS/*.jpg\' imagenet\\t\'ImageNet: 1.28 million photographs of 1000 kinds of things, in folders under `imagenet`\' mnist\\t\'MNIST: 70,000 handwritten digits, 28x28, 60,000 of them to train\'' -d 'Data set; default: the ticket\'s own'
complete -c sparsetool -n '__sparsetool eval' -l data-root -x -a '(__fish_complete_directories)' -d 'Folder of data sets; default: $SPARSETOOL_DATA'
complete -c sparsetool -n '__sparsetool eval' -l model -x -d 'The ticket\'s model; needed where it is your own code, FILE.py:FUNCTION'
complete -c sparsetool -n '__sparsetool eval' -l device -x -a 'auto cpu cuda mps' -d 'auto, cpu, cuda or mps'
complete -c sparsetool -n '__sparsetool eval' -l threads -x -d 'CPU threads; auto: 1 for small images, else all'
complete -c sparsetool -n '__sparsetool eval' -l label -x -d 'Label for plots, put into every line'
complete -c sparsetool -n '__sparsetool eval' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool eval' -l json -d 'JSON Lines, also on a terminal'
complete -c sparsetool -n '__sparsetool eval' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool eval' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool eval' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool show -ge 0 -o --output' -F
complete -c sparsetool -n '__sparsetool show' -l layers -d 'Each layer and its density'
complete -c sparsetool -n '__sparsetool show' -l lineage -d 'Each step that led to it'
complete -c sparsetool -n '__sparsetool show' -l script -d 'The shell lines that made it, and nothing else'
complete -c sparsetool -n '__sparsetool show' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool show' -l json -d 'JSON Lines, also on a terminal'
complete -c sparsetool -n '__sparsetool show' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool show' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool show' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool plot -eq 0 --x --y --group --layer --title -o --output --table' -a 'curves\\t\'Loss and accuracy of training, epoch by epoch; test solid, train dotted\' density\\t\'The spectral density of the Hessian, one line per ticket\' hessian\\t\'The largest Hessian eigenvalue against epochs or sparsity, one line per method\' layers\\t\'Density of every prunable layer, one line per ticket\' lmc\\t\'Loss and error along the straight line between two tickets; test solid, train dotted\' mask\\t\'One layer\\\'s mask as an image: kept weights dark, pruned ones light\' schedule\\t\'The learning rate over a whole run: of tickets as they were trained, or of schedules by name\' signs\\t\'Sign flips or sign agreement from ticket to ticket, one line per method\' sweep\\t\'A figure against sparsity, epochs or training cost, one line per method, mean over seeds\''
complete -c sparsetool -n '__sparsetool plot -ge 1 --x --y --group --layer --title -o --output --table' -F
complete -c sparsetool -n '__sparsetool plot' -l x -x -d 'Field on the horizontal axis'
complete -c sparsetool -n '__sparsetool plot' -l y -x -d 'Field on the vertical axis'
complete -c sparsetool -n '__sparsetool plot' -l group -x -d 'Label (or labels, with commas) of a line'
complete -c sparsetool -n '__sparsetool plot' -l layer -x -d 'Layer that \'mask\' shows'
complete -c sparsetool -n '__sparsetool plot' -l title -x -d 'Words above the picture'
complete -c sparsetool -n '__sparsetool plot' -s o -l output -r -F -d 'Picture to write'
complete -c sparsetool -n '__sparsetool plot' -l table -r -F -d 'Table of what is drawn; \'-\' prints CSV'
complete -c sparsetool -n '__sparsetool plot' -l terminal -d 'Draw with plain characters'
complete -c sparsetool -n '__sparsetool plot' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool plot' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool plot' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool data -ge 0 --split --data-root -o --output' -a 'fetch\\t\'download a data set\' write-ffcv\\t\'write a split for ffcv\' cifar10\\t\'CIFAR-10: 60,000 photographs of 10 kinds of things, 32x32, 50,000 of them to train\' cifar100\\t\'CIFAR-100: 60,000 photographs of 100 kinds of things, 32x32, 50,000 of them to train\' digits\\t\'1,797 handwritten 8x8 digits that ship with the package: 1,437 to train, 360 to test\' fashion-mnist\\t\'Fashion-MNIST: 70,000 pictures of clothes, 28x28, 60,000 of them to train\' ffcv\\t\'Photographs in two files of ffcv: ffcv:TRAIN.beton,TEST.beton, decoded faster\' file\\t\'Your own data: FILE.py:FUNCTION, a function that returns tensors or torch data sets\' imagefolder\\t\'Photographs in folders: PATH/train/CLASS/*.jpg and PATH/{val,test}/CLASS/*.jpg\' imagenet\\t\'ImageNet: 1.28 million photographs of 1000 kinds of things, in folders under `imagenet`\' mnist\\t\'MNIST: 70,000 handwritten digits, 28x28, 60,000 of them to train\''
complete -c sparsetool -n '__sparsetool data' -l split -x -a 'train test' -d 'For write-ffcv: train or test'
complete -c sparsetool -n '__sparsetool data' -l data-root -x -a '(__fish_complete_directories)' -d 'Folder of data sets; default: $SPARSETOOL_DATA'
complete -c sparsetool -n '__sparsetool data' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool data' -l json -d 'JSON Lines, also on a terminal'
complete -c sparsetool -n '__sparsetool data' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool data' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool data' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool export -eq 0 -o --output' -F
complete -c sparsetool -n '__sparsetool export' -l plain -d 'All weights, zeros where pruned'
complete -c sparsetool -n '__sparsetool export' -l packed -d 'Surviving values (float16) and bit masks'
complete -c sparsetool -n '__sparsetool export' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool export' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool export' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool export' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool import -eq 0 --model --data --seed --exclude --map -o --output' -F
complete -c sparsetool -n '__sparsetool import' -l model -x -a 'convnext-tiny\\t\'ConvNeXt-Tiny of torchvision; under 64 pixels with a 3x3 stride-1 stem\' deit-tiny\\t\'DeiT-Tiny, without its distillation token: patches of 16 pixels, width 192, 12 layers, 3 heads\' efficientnet-b0\\t\'EfficientNet-B0 of torchvision; under 64 pixels with the first two strides 1\' efficientnet-v2-s\\t\'EfficientNetV2-S of torchvision; under 64 pixels with the first two strides 1\' file\\t\'Your own network: FILE.py:FUNCTION, a function that returns a torch module\' lenet5\\t\'LeNet-5 with ReLU and max-pooling: 6 and 16 channels, 120, 84 and the classes\' mlp\\t\'Fully connected network with ReLU; hidden widths as the argument, 300-100 by default\' mobilenet-v2\\t\'MobileNetV2 of torchvision; under 64 pixels with the first two strides 1\' mobilenet-v3-large\\t\'MobileNetV3-Large of torchvision; under 64 pixels with the first two strides 1\' mobilenet-v3-small\\t\'MobileNetV3-Small of torchvision; under 64 pixels with the first two strides 1\' resnet101\\t\'ResNet101 of torchvision; under 64 pixels with a 3x3 stride-1 stem and no pooling\' resnet110\\t\'ResNet110 for small images: 3x3 stem, three stages of 18 blocks, projection shortcuts\' resnet18\\t\'ResNet18 of torchvision; under 64 pixels with a 3x3 stride-1 stem and no pooling\' resnet20\\t\'ResNet20 for small images: 3x3 stem, three stages of 3 blocks, projection shortcuts\' resnet32\\t\'ResNet32 for small images: 3x3 stem, three stages of 5 blocks, projection shortcuts\' resnet34\\t\'ResNet34 of torchvision; under 64 pixels with a 3x3 stride-1 stem and no pooling\' resnet44\\t\'ResNet44 for small images: 3x3 stem, three stages of 7 blocks, projection shortcuts\' resnet50\\t\'ResNet50 of torchvision; under 64 pixels with a 3x3 stride-1 stem and no pooling\' resnet56\\t\'ResNet56 for small images: 3x3 stem, three stages of 9 blocks, projection shortcuts\' resnext50-32x4d\\t\'ResNeXt50 32x4d of torchvision; under 64 pixels with a 3x3 stride-1 stem\' timm\\t\'Any network of timm, where timm is installed: timm:NAME, such as timm:resnet26d\' torchvision\\t\'Any network of torchvision: torchvision:NAME, such as torchvision:resnext50_32x4d\' vgg11-bn\\t\'VGG11 with batch norm of torchvision; under 64 pixels with one linear layer\' vgg16\\t\'VGG16 of torchvision, without batch norm; under 64 pixels with one linear layer\' vgg16-bn\\t\'VGG16 with batch norm of torchvision; under 64 pixels with one linear layer\' vgg19-bn\\t\'VGG19 with batch norm of torchvision; under 64 pixels with one linear layer\' vit-b-16\\t\'ViT-B/16 of torchvision, for square images whose side is a multiple of 16\' vit-b-32\\t\'ViT-B/32 of torchvision, for square images whose side is a multiple of 32\' vit-tiny\\t\'ViT-Tiny with patches that fit the image; vit-tiny:P for patches of P pixels\' wide-resnet50-2\\t\'Wide ResNet50-2 of torchvision; under 64 pixels with a 3x3 stride-1 stem\'' -d 'The network the weights are of'
complete -c sparsetool -n '__sparsetool import' -l data -x -a 'cifar10\\t\'CIFAR-10: 60,000 photographs of 10 kinds of things, 32x32, 50,000 of them to train\' cifar100\\t\'CIFAR-100: 60,000 photographs of 100 kinds of things, 32x32, 50,000 of them to train\' digits\\t\'1,797 handwritten 8x8 digits that ship with the package: 1,437 to train, 360 to test\' fashion-mnist\\t\'Fashion-MNIST: 70,000 pictures of clothes, 28x28, 60,000 of them to train\' ffcv\\t\'Photographs in two files of ffcv: ffcv:TRAIN.beton,TEST.beton, decoded faster\' file\\t\'Your own data: FILE.py:FUNCTION, a function that returns tensors or torch data sets\' imagefolder\\t\'Photographs in folders: PATH/train/CLASS/*.jpg and PATH/{val,test}/CLASS/*.jpg\' imagenet\\t\'ImageNet: 1.28 million photographs of 1000 kinds of things, in folders under `imagenet`\' mnist\\t\'MNIST: 70,000 handwritten digits, 28x28, 60,000 of them to train\'' -d 'Data set'
complete -c sparsetool -n '__sparsetool import' -l seed -x -d 'Key of every later draw'
complete -c sparsetool -n '__sparsetool import' -l exclude -x -d 'Weights that are never pruned'
complete -c sparsetool -n '__sparsetool import' -l map -x -d 'Rename parameters that begin with OLD'
complete -c sparsetool -n '__sparsetool import' -l zeros -d 'Without masks, take exact zeros as pruned'
complete -c sparsetool -n '__sparsetool import' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool import' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool import' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool import' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool recipe -eq 0 -o --output' -a 'sculpt\\t\'SCULPT-ing beside its baselines: a random mask, cycles, one pruning, one more cycle\''
complete -c sparsetool -n '__sparsetool recipe' -l plan -d 'Say how many trainings and epochs it is; run nothing'
complete -c sparsetool -n '__sparsetool recipe' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool recipe' -l json -d 'JSON Lines, also on a terminal'
complete -c sparsetool -n '__sparsetool recipe' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool recipe' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool recipe' -s h -l help -d 'Say how to use it'

complete -c sparsetool -n '__sparsetool runs' -l remove -d 'Remove the named runs'
complete -c sparsetool -n '__sparsetool runs' -l remove-finished -d 'Remove every finished run'
complete -c sparsetool -n '__sparsetool runs' -s o -l output -r -F -d 'Where to write; \'-\' is standard output'
complete -c sparsetool -n '__sparsetool runs' -l json -d 'JSON Lines, also on a terminal'
complete -c sparsetool -n '__sparsetool runs' -l force -d 'Overwrite a file that exists'
complete -c sparsetool -n '__sparsetool runs' -s q -l quiet -d 'Say nothing but errors'
complete -c sparsetool -n '__sparsetool runs' -s h -l help -d 'Say how to use it'
