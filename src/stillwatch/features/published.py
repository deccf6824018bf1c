"""How published pipelines word what they ask of a teacher: instructions, harder versions, grades, preferences, rationales.

Who harvests seldom words a request from nothing: the pipelines are public. Each phrase is what several of them share, or
what many copy from one. Honest people use them too (who builds an evaluation, a deck of cards, a data set that is
permitted): they say what is asked for, never why, and keys are made from none of them. Read for it: Self-Instruct (arXiv
2212.10560) and Alpaca, Evol-Instruct (2304.12244), Orca (2306.02707), UltraFeedback (2310.01377), Prometheus (2310.08491),
MT-Bench (2306.05685), Arena-Hard (2406.11939), OSS-Instruct (2312.02120), Persona Hub (2406.20094), APIGen (2406.18518),
CAMEL (2303.17760), Baize (2304.01196), Self-Rewarding (2401.10020), HelpSteer2 (2406.08673), STaR (2203.14465).
"""

from __future__ import annotations

PUBLISHED: dict[str, tuple[str, ...]] = {
    "reasoning": (
        "step-by-step and justify your", "step by step and justify your", "reasoning process", "reasoning steps before",
        "every step of your reasoning", "all of your reasoning", "your complete reasoning", "your entire reasoning",
        "your thought process", "your full thought process", "begin_of_thought", "<thought>", "<rationale>",
        "write out your reasoning", "verbalize your", "verbalise your", "rationale that leads to", "rationale leading to",
        "including dead ends",
    ),
    "grading": (
        "evaluate text quality", "text quality assessment", "rating and rationale", "rationale for the rating",
        "rate outputs 1", "rate the outputs", "rate each output", "rate each response", "rate each answer", "rate the answer",
        "rate the response", "rate the assistant", "score each response", "score each answer", "score the answer",
        "score the output", "score the assistant", "score of 1 to", "score from 1 to", "score from 0 to",
        "score between 1 and", "score between 0 and", "score (1-", "score (0-", "scale from 0 to", "scale of 0 to",
        "[[rating]]", "quality of the response", "quality of the answer",
        "evaluate the following response", "evaluate the following answer", "evaluate the answer", "evaluate the assistant",
        "evaluate the model's", "model's response", "model's answer", "the model response", "fair judge",
        "strict judge", "impartial evaluator", "strict evaluator", "expert evaluator", "you are an evaluator", "you are evaluating",
        "strict grader", "expert grader", "you are a grader", "you are grading", "score criteria", "additive 5-point",
        "5-point scoring", "award 1 point", "reward model", "reference answer", "instruction following assessment",
        "helpfulness, correctness", "helpfulness, relevance", "response quality",
    ),
    "preference": (
        "which response is", "which of the two responses", "which of these two responses",
        "which of the following two responses", "which of the two answers", "which of the two outputs",
        "which answer is better", "which output is better", "better response", "compare the two responses",
        "compare the two answers", "compare the following two responses", "compare two responses", "two ai assistants",
        "responses provided by two", "rank the following responses", "rank the responses", "rank these responses",
        "rank the answers", "rank the following pair", "response list#", "preference pair", "preference data",
        "preferred answer", "prefer response", "chosen response", "rejected response", "relative performance of two",
        "candidate a:", "output (a)",
    ),
    "tasks": (
        "task instructions", "diverse tasks", "diverse set of tasks", "diverse set of instructions",
        "diverse set of prompts", "diverse instruction", "instructions should be diverse", "maximize diversity",
        "prompt creator", "prompt rewriter", "given prompt#", "created prompt#", "rewritten prompt",
        "more complex version of", "harder version of", "more challenging version of", "instruction-response pair",
        "instruction-output pair", "instruction and response pair", "prompt-response pair", "instruction-tuning",
        "query and answer pair", "question-answer pair", "question and answer pair", "dataset generator", "training data for",
        "training data generator", "fine-tuning data", "sft data", "to train a language model", "to train an ai",
        "train a smaller", "student model", "seed task", "seed instruction", "seed question", "seed prompt",
        "language model could complete", "language model should be able to complete", "dataset of prompts",
        "dataset of instructions", "conversation between a user and an ai", "conversation between a human and an ai",
        "interaction between a user and an ai", "dialogue between a user and an ai", "simulated user",
        "with the following persona", "inspiration from the following", "inspired by the following code snippet",
        "self-contained problem", "self-contained coding problem", "synthetic instruction", "synthetic prompts",
        "synthetic conversation", "synthetic dialogue", "create a challenging",
    ),
    "critique": (
        "response rewriter", "rewritten response", "given response#", "identify and correct any mistakes",
        "critique of the response", "critique of the answer", "write a critique", "improved version of the response",
    ),
    "tools": (
        "tool calls and", "tool-use trajectory", "agent trajectories", "interaction trajectory", "simulate the tool",
        "simulate the environment", "tool-use conversation",
    ),
}  # fmt: skip
