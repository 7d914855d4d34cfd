# Made by 'sparsetool completion bash'; do not edit.

# Sets the options of verb $1 ('' before there is one), what its positions take, and what its
# option $2 takes: words, FILE, TICKET, DIR, RUN, ANY (something that nobody can know), or nothing.
_sparsetool_facts() {
    options='' positions=() rest='' wanted=''
    case $1 in
    '')
        options='--version -h --help'
        positions=('recipe sweep pipe init mask train-cycles prune rewind transfer-signs levels average eval show diff lmc hessian flops compare plot import export list defaults data runs doctor guide help completion') rest=''
        case $2 in
        esac ;;
    recipe)
        options='--plan --as -o --output --json --force -q --quiet -h --help'
        positions=('architectures budget connectivity coupling criteria cyclic imp label-noise layer-shares lrr noise pai schedules sculpt sharpness sign-flips signs wr') rest=''
        case $2 in
        --as) wanted='make slurm snakemake' ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    sweep)
        options='--out-dir --jobs --gpus --plan --as -o --output --json --force -q --quiet -h --help'
        positions=() rest=ANY
        case $2 in
        --out-dir) wanted=DIR ;;
        --jobs|--gpus) wanted=ANY ;;
        --as) wanted='make slurm snakemake' ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    pipe)
        options='-h --help'
        positions=() rest=ANY
        case $2 in
        esac ;;
    init)
        options='--data --data-root --seed --seeds --init --exclude --prune-also -o --output --force -q --quiet -h --help'
        positions=('convnext-tiny deit-tiny efficientnet-b0 efficientnet-v2-s file gpt-mini lenet5 mlp mobilenet-v2 mobilenet-v3-large mobilenet-v3-small resnet101 resnet110 resnet110-a resnet18 resnet20 resnet20-a resnet32 resnet32-a resnet34 resnet44 resnet44-a resnet50 resnet56 resnet56-a resnext50-32x4d timm torchvision vgg11-bn vgg16 vgg16-bn vgg19-bn vit-b-16 vit-b-32 vit-tiny wide-resnet50-2') rest=''
        case $2 in
        --data) wanted='cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text' ;;
        --data-root) wanted=DIR ;;
        --seed|--seeds|--exclude|--prune-also) wanted=ANY ;;
        --init) wanted='kaiming kaiming-fan-out model' ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    mask)
        options='--distance --fisher --force-snip --grasp --magnitude --magnitude-increase --movement --npb --phew --random --rare-gems --snip --sparsegpt --synflow --taylor --wanda --woodfisher --criterion --balanced --erk --global --uniform --density --sparsity --from --shuffle --invert --union --intersect --dense --mask-only --scores --parent --model --iterations --min-per-layer --repair --n-m --blocks --channels --update --data --data-root --batches --batch-size --device --threads --seed --out-dir -o --output --force -q --quiet --gem-rounds --gem-rate --within --block-size -h --help'
        positions=() rest=TICKET
        case $2 in
        --criterion) wanted='distance fisher force-snip grasp magnitude magnitude-increase movement npb phew random rare-gems snip sparsegpt synflow taylor wanda woodfisher' ;;
        --balanced|--erk|--global|--uniform|--sparsity|--model|--iterations|--min-per-layer|--n-m|--blocks|--batches|--batch-size|--threads|--seed|--gem-rounds|--gem-rate|--within|--block-size) wanted=ANY ;;
        --density) wanted='balanced erk global uniform' ;;
        --from|--union|--intersect|--scores|--parent|-o|--output) wanted=FILE ;;
        --data) wanted='cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text' ;;
        --data-root|--out-dir) wanted=DIR ;;
        --device) wanted='auto cpu cuda mps' ;;
        esac ;;
    train-cycles)
        options='--n --epochs --schedule --lr --warmup --drops --drop-by --floor --momentum --weight-decay --batch-size --optimizer --seed --until-peak --patience --min-gain --most-cycles --dense-products --order-seed --augmentation-seed --extra --data --data-root --model --val --label-noise --from-epoch --update --to --update-every --update-until --drop-fraction --drop-decay --keep --keep-every --save-epoch --stop-after --time-limit --log --track --eval-every --device --precision --threads --deterministic --compile --sync-bn --no-store --out-dir --jobs --config --show-config -o --output --force -q --quiet --beta2 --eps --decay-on --warm --first --gradient-factor --soft --s-decay --s-init --backward --clip-norm --cutout --ema --label-smoothing --mixup --rand-augment --sam -h --help'
        positions=() rest=TICKET
        case $2 in
        --n|--epochs|--lr|--warmup|--drops|--drop-by|--floor|--momentum|--weight-decay|--batch-size|--seed|--patience|--min-gain|--most-cycles|--order-seed|--augmentation-seed|--extra|--model|--val|--label-noise|--from-epoch|--to|--update-every|--update-until|--drop-fraction|--keep-every|--save-epoch|--stop-after|--time-limit|--eval-every|--threads|--jobs|--beta2|--eps|--decay-on|--warm|--first|--gradient-factor|--s-decay|--s-init|--backward|--clip-norm|--cutout|--ema|--label-smoothing|--mixup|--rand-augment|--sam) wanted=ANY ;;
        --schedule) wanted='allr constant cosine linear-restarts llr one-cycle step-warmup' ;;
        --optimizer) wanted='adamw nesterov sgd' ;;
        --data) wanted='cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text' ;;
        --data-root|--keep|--out-dir) wanted=DIR ;;
        --update) wanted='ac-dc gmp gmp-star granet mest rigl set str top-kast' ;;
        --drop-decay) wanted='cosine constant linear steps' ;;
        --log|--config|-o|--output) wanted=FILE ;;
        --track) wanted='tensorboard trackio wandb' ;;
        --device) wanted='auto cpu cuda mps' ;;
        --precision) wanted='auto fp32 bf16 fp16' ;;
        esac ;;
    prune)
        options='--distance --fisher --force-snip --grasp --magnitude --magnitude-increase --movement --npb --phew --random --rare-gems --snip --sparsegpt --synflow --taylor --wanda --woodfisher --criterion --balanced --erk --global --uniform --density --rate --sparsity --parent --model --iterations --min-per-layer --repair --n-m --blocks --channels --update --data --data-root --batches --batch-size --device --threads --seed --out-dir -o --output --force -q --quiet --gem-rounds --gem-rate --within --block-size -h --help'
        positions=() rest=TICKET
        case $2 in
        --criterion) wanted='distance fisher force-snip grasp magnitude magnitude-increase movement npb phew random rare-gems snip sparsegpt synflow taylor wanda woodfisher' ;;
        --balanced|--erk|--global|--uniform|--rate|--sparsity|--model|--iterations|--min-per-layer|--n-m|--blocks|--batches|--batch-size|--threads|--seed|--gem-rounds|--gem-rate|--within|--block-size) wanted=ANY ;;
        --density) wanted='balanced erk global uniform' ;;
        --parent|-o|--output) wanted=FILE ;;
        --data) wanted='cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text' ;;
        --data-root|--out-dir) wanted=DIR ;;
        --device) wanted='auto cpu cuda mps' ;;
        esac ;;
    rewind)
        options='--to --what --allow-zeros --out-dir -o --output --force -q --quiet -h --help'
        positions=() rest=TICKET
        case $2 in
        --to) wanted=TICKET ;;
        --what) wanted='all weights buffers' ;;
        --out-dir) wanted=DIR ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    transfer-signs)
        options='--from --perturb --seed --out-dir -o --output --force -q --quiet -h --help'
        positions=() rest=TICKET
        case $2 in
        --from) wanted=TICKET ;;
        --perturb|--seed) wanted=ANY ;;
        --out-dir) wanted=DIR ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    levels)
        options='--to --rate --levels --rewind --out-dir --final --n --time-limit --config --force -q --quiet --epochs --schedule --lr --warmup --drops --drop-by --floor --momentum --weight-decay --batch-size --optimizer --seed --dense-products --order-seed --augmentation-seed --extra --data --data-root --model --val --label-noise --update --update-every --update-until --drop-fraction --drop-decay --keep --keep-every --log --eval-every --device --precision --threads --deterministic --compile --sync-bn --no-store --beta2 --eps --decay-on --warm --first --gradient-factor --soft --s-decay --s-init --backward --clip-norm --cutout --ema --label-smoothing --mixup --rand-augment --sam -h --help'
        positions=(TICKET) rest=''
        case $2 in
        --to|--rate|--levels|--n|--time-limit|--epochs|--lr|--warmup|--drops|--drop-by|--floor|--momentum|--weight-decay|--batch-size|--seed|--order-seed|--augmentation-seed|--extra|--model|--val|--label-noise|--update-every|--update-until|--drop-fraction|--keep-every|--eval-every|--threads|--beta2|--eps|--decay-on|--warm|--first|--gradient-factor|--s-decay|--s-init|--backward|--clip-norm|--cutout|--ema|--label-smoothing|--mixup|--rand-augment|--sam) wanted=ANY ;;
        --rewind|--final|--config|--log) wanted=FILE ;;
        --out-dir|--data-root|--keep) wanted=DIR ;;
        --schedule) wanted='allr constant cosine linear-restarts llr one-cycle step-warmup' ;;
        --optimizer) wanted='adamw nesterov sgd' ;;
        --data) wanted='cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text' ;;
        --update) wanted='ac-dc gmp gmp-star granet mest rigl set str top-kast' ;;
        --drop-decay) wanted='cosine constant linear steps' ;;
        --device) wanted='auto cpu cuda mps' ;;
        --precision) wanted='auto fp32 bf16 fp16' ;;
        esac ;;
    average)
        options='--masks --weights --bn --bn-examples --data --data-root --model --device --threads -o --output --force -q --quiet -h --help'
        positions=() rest=TICKET
        case $2 in
        --masks) wanted='union intersection first' ;;
        --weights|--bn-examples|--model|--threads) wanted=ANY ;;
        --bn) wanted='average recompute' ;;
        --data) wanted='cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text' ;;
        --data-root) wanted=DIR ;;
        --device) wanted='auto cpu cuda mps' ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    eval)
        options='--split --data --data-root --model --device --threads --bn --bn-examples --per-class --label -o --output --json --force -q --quiet -h --help'
        positions=() rest=TICKET
        case $2 in
        --split) wanted='train val test' ;;
        --data) wanted='cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text' ;;
        --data-root) wanted=DIR ;;
        --model|--threads|--bn-examples|--label) wanted=ANY ;;
        --device) wanted='auto cpu cuda mps' ;;
        --bn) wanted='stored recompute batch' ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    show)
        options='--layers --lineage --script -o --output --json --force -q --quiet -h --help'
        positions=() rest=TICKET
        case $2 in
        -o|--output) wanted=FILE ;;
        esac ;;
    diff)
        options='--pairs --layers --label -o --output --json --force -q --quiet -h --help'
        positions=() rest=TICKET
        case $2 in
        --pairs) wanted='consecutive first all' ;;
        --label) wanted=ANY ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    lmc)
        options='--points --split --bn --bn-examples --examples --train-view --align --pairs --data --data-root --model --device --threads --label --plot -o --output --json --force -q --quiet -h --help'
        positions=() rest=TICKET
        case $2 in
        --points|--split|--bn-examples|--examples|--model|--threads|--label) wanted=ANY ;;
        --bn) wanted='recompute interpolate batch' ;;
        --train-view) wanted='plain augmented' ;;
        --pairs) wanted='consecutive first all' ;;
        --data) wanted='cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text' ;;
        --data-root) wanted=DIR ;;
        --device) wanted='auto cpu cuda mps' ;;
        --plot|-o|--output) wanted=FILE ;;
        esac ;;
    hessian)
        options='--top --trace --density --layers --subspace --method --bn --examples --float64 --seed --split --data --data-root --model --device --threads --label --plot -o --output --json --force -q --quiet -h --help'
        positions=() rest=TICKET
        case $2 in
        --top|--examples|--seed|--model|--threads|--label) wanted=ANY ;;
        --subspace) wanted='mask full' ;;
        --method) wanted='lanczos pyhessian' ;;
        --bn) wanted='eval train' ;;
        --split) wanted='train val test' ;;
        --data) wanted='cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text' ;;
        --data-root) wanted=DIR ;;
        --device) wanted='auto cpu cuda mps' ;;
        --plot|-o|--output) wanted=FILE ;;
        esac ;;
    flops)
        options='--convention --bits --layers --model --label -o --output --json --force -q --quiet -h --help'
        positions=() rest=TICKET
        case $2 in
        --convention) wanted='sparse dense' ;;
        --bits|--model|--label) wanted=ANY ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    compare)
        options='--between --against --spread --by --at --where --without --claim --margin --confidence --bootstrap --interval --seed --table -o --output --json --force -q --quiet -h --help'
        positions=(ANY) rest=FILE
        case $2 in
        --between|--against|--spread|--by|--at|--where|--without|--margin|--confidence|--bootstrap|--seed) wanted=ANY ;;
        --claim) wanted='above equal below' ;;
        --interval) wanted='bca percentile' ;;
        --table|-o|--output) wanted=FILE ;;
        esac ;;
    plot)
        options='--x --y --group --layer --difference --log --log-y --title --width --height --font-size --style -o --output --table --terminal --force -q --quiet --rows --cycle --panels -h --help'
        positions=('curves density hessian layers lmc mask schedule signs sweep') rest=FILE
        case $2 in
        --x|--y|--group|--layer|--difference|--log-y|--title|--width|--height|--font-size|--style|--rows|--cycle|--panels) wanted=ANY ;;
        -o|--output|--table) wanted=FILE ;;
        esac ;;
    import)
        options='--model --data --normalize --seed --exclude --prune-also --map --take --ignore --fresh --zeros --data-root -o --output --force -q --quiet -h --help'
        positions=(TICKET) rest=''
        case $2 in
        --model) wanted='convnext-tiny deit-tiny efficientnet-b0 efficientnet-v2-s file gpt-mini lenet5 mlp mobilenet-v2 mobilenet-v3-large mobilenet-v3-small resnet101 resnet110 resnet110-a resnet18 resnet20 resnet20-a resnet32 resnet32-a resnet34 resnet44 resnet44-a resnet50 resnet56 resnet56-a resnext50-32x4d timm torchvision vgg11-bn vgg16 vgg16-bn vgg19-bn vit-b-16 vit-b-32 vit-tiny wide-resnet50-2' ;;
        --data|--normalize) wanted='cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text' ;;
        --seed|--exclude|--prune-also|--map|--take|--ignore|--fresh) wanted=ANY ;;
        --data-root) wanted=DIR ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    export)
        options='--plain --packed --packed-dtype --torch-prune --csr --masks --onnx --shrink --card --model -o --output --force -q --quiet -h --help'
        positions=(TICKET) rest=''
        case $2 in
        --packed-dtype) wanted='float32 float16 bfloat16' ;;
        --model) wanted=ANY ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    list)
        options='-o --output --json --force -q --quiet -h --help'
        positions=('criteria densities schedules optimizers updates extras models datasets plots engines trackers') rest=''
        case $2 in
        -o|--output) wanted=FILE ;;
        esac ;;
    defaults)
        options='-o --output --json --force -q --quiet -h --help'
        positions=('cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text') rest=''
        case $2 in
        -o|--output) wanted=FILE ;;
        esac ;;
    data)
        options='--split --data-root -o --output --json --force -q --quiet -h --help'
        positions=() rest='fetch write-ffcv cifar10 cifar100 digits fashion-mnist ffcv file imagefolder imagenet mnist npz shakespeare text'
        case $2 in
        --split) wanted='train test' ;;
        --data-root) wanted=DIR ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    runs)
        options='--follow --remove --remove-finished -o --output --json --force -q --quiet -h --help'
        positions=() rest=RUN
        case $2 in
        -o|--output) wanted=FILE ;;
        esac ;;
    doctor)
        options='--data-root -o --output --json --force -q --quiet -h --help'
        positions=() rest=''
        case $2 in
        --data-root) wanted=DIR ;;
        -o|--output) wanted=FILE ;;
        esac ;;
    guide)
        options='--man -h --help'
        positions=('start experiments pipelines masks cycles moving-masks coupling figures results analyses own-models-and-data adding-a-member python notebook checkpoints clusters promises formats troubleshooting architecture speed') rest=''
        case $2 in
        --man) wanted=DIR ;;
        esac ;;
    help)
        options='-h --help'
        positions=('average compare completion data defaults diff doctor eval export flops guide help hessian import init levels list lmc mask pipe plot prune recipe rewind runs show sweep train-cycles transfer-signs') rest=''
        case $2 in
        esac ;;
    completion)
        options='-o --output --force -q --quiet -h --help'
        positions=('bash fish zsh') rest=''
        case $2 in
        -o|--output) wanted=FILE ;;
        esac ;;
    esac
}

_sparsetool() {
    local cur=${COMP_WORDS[COMP_CWORD]} verb='' glued='' prefix='' at=0 i word
    local options='' rest='' wanted='' positions=() action=()
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == [=:] ]]; then # bash splits words there
            [[ $wanted ]] || glued=1
        elif [[ $glued ]]; then
            glued=''
        elif [[ $wanted ]]; then
            wanted=''
        elif [[ $word == -?* ]]; then
            _sparsetool_facts "$verb" "$word"
        elif [[ ! $verb ]]; then
            verb=$word
        else
            at=$((at + 1))
        fi
    done
    if [[ $cur == [=:] ]]; then
        [[ $wanted ]] || glued=1
        cur=''
    elif [[ ! $wanted && $cur == --*=* ]]; then # unless it was told not to
        prefix=${cur%%=*}=
        _sparsetool_facts "$verb" "${cur%%=*}"
        wanted=${wanted:-ANY}
        cur=${cur#*=}
    fi
    if [[ $glued ]]; then
        wanted=FILE
    elif [[ ! $wanted ]]; then
        _sparsetool_facts "$verb" ''
        if [[ $cur == -* ]]; then
            wanted=$options
        else
            wanted=${positions[at]:-${rest:-$options}}
        fi
    fi
    case $wanted in
    FILE) action=(-f) ;;
    TICKET) # others where there are none
        action=(-f -X '!*.st')
        if [[ ! $(compgen "${action[@]}" -- "$cur") ]]; then action=(-f); fi ;;
    RUN)
        COMPREPLY=()
        word=${XDG_STATE_HOME:-$HOME/.local/state}/sparsetool
        for word in "${SPARSETOOL_STATE:-$word}/runs/$cur"*; do
            if [[ -d $word ]]; then COMPREPLY+=("${word##*/}"); fi
        done
        return ;;
    DIR) action=(-d) ;;
    ANY | '') return ;;
    *) action=(-W "$wanted") ;;
    esac
    # Names of files may hold spaces; a folder gets a slash.
    [[ ${action[0]} == -W ]] || compopt -o filenames 2> /dev/null
    while IFS= read -r word; do
        COMPREPLY+=("$prefix$word")
    done < <(compgen "${action[@]}" -- "$cur"; [[ $wanted != TICKET ]] || compgen -d -- "$cur")
}

export SPARSETOOL_COMPLETION=$$ # so that 'sparsetool doctor' knows

complete -F _sparsetool sparsetool
